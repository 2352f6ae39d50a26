/**
 * The chart: an SVG of small panels, one a scenario, with a bar for each peer
 * on a logarithmic scale. It carries its own colours for light and for dark
 * pages, and says in words what it shows.
 */

import { format, moreIsBetter } from './statistics.mjs'

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {number | undefined} value  undefined where there is none
 * @property {boolean} ours
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {import('./statistics.mjs').Unit} unit
 * @property {Bar[]} bars
 */

const COLUMNS = 2
const WIDTH = 460
const GAP = 24
const MARGIN = 16
const HEAD = 62
const LABELS = 184
const VALUES = 66
const LINE = 17
const TITLE = 26
const LEGEND =
  'Shorter is better, but for the panel that says otherwise. Each line is a factor of ten.'

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #24292f }
.head { font-size: 17px; font-weight: 600 }
.title { font-size: 13px; font-weight: 600 }
.ours { font-weight: 600 }
.quiet { fill: #57606a }
.bar { fill: #8c959f }
.bar.ours { fill: #0a7d5a }
.grid { stroke: #d0d7de; stroke-width: 1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  .bar { fill: #6e7681 }
  .bar.ours { fill: #2ebd8c }
  .grid { stroke: #30363d }
}`

/** @param {string} text @returns {string} */
const inXml = (text) =>
  text.replace(/[&<>"]/g, (sign) => `&#${/** @type {number} */ (sign.codePointAt(0))};`)

/** @param {number} value @returns {string} */
const round = (value) => String(Math.round(value * 10) / 10)

/**
 * Whole powers of ten around all values.
 *
 * @param {number[]} values above 0
 * @returns {{ from: number, to: number }} exponents; to is larger than from
 */
export function decadesOf(values) {
  const from = Math.floor(Math.log10(Math.min(...values)))
  const to = Math.ceil(Math.log10(Math.max(...values)))
  return { from, to: Math.max(to, from + 1) }
}

/** @param {Panel} panel @param {number} left @param {number} top @returns {string} */
function drawPanel({ title, unit, bars }, left, top) {
  const values = bars.flatMap(({ value }) => (value === undefined || value <= 0 ? [] : [value]))
  const { from, to } = decadesOf(values.length === 0 ? [1] : values)
  const begin = left + LABELS
  const full = WIDTH - LABELS - VALUES
  const lengthOf = (/** @type {number} */ value) =>
    Math.max(2, ((Math.log10(value) - from) / (to - from)) * full)
  const bottom = top + TITLE + bars.length * LINE
  const grid = Array.from({ length: to - from + 1 }, (_, step) => {
    const x = round(begin + (step / (to - from)) * full)
    return `<line class="grid" x1="${x}" y1="${top + TITLE - 4}" x2="${x}" y2="${bottom}"/>`
  })
  const hint = moreIsBetter(unit) ? ' (longer is better)' : ''
  const lines = bars.flatMap(({ label, value, ours }, index) => {
    const y = top + TITLE + index * LINE
    const kind = ours ? ' ours' : ''
    const name = `<text class="quiet${kind}" x="${begin - 8}" y="${y + 10}" text-anchor="end">${inXml(label)}</text>`
    if (value === undefined || value <= 0) {
      return [name, `<text class="quiet" x="${begin + 4}" y="${y + 10}">–</text>`]
    }
    const length = lengthOf(value)
    return [
      name,
      `<rect class="bar${kind}" x="${begin}" y="${y + 1}" width="${round(length)}" height="${LINE - 6}" rx="2"/>`,
      `<text class="${ours ? 'ours' : 'quiet'}" x="${round(begin + length + 5)}" y="${y + 10}">${inXml(format(value, unit))}</text>`,
    ]
  })
  const text = `<text class="title" x="${left}" y="${top + 12}">${inXml(title + hint)}</text>`
  return `<g>\n${[text, ...grid, ...lines].join('\n')}\n</g>`
}

/** @param {Panel} panel @returns {string} one sentence */
function describe({ title, unit, bars }) {
  const parts = bars.flatMap(({ label, value }) =>
    value === undefined ? [] : [`${label} ${format(value, unit)}`],
  )
  return `${title}: ${parts.join(', ')}.`
}

/**
 * @param {string} heading
 * @param {string} caption  the machine and the versions
 * @param {Panel[]} panels
 * @returns {string} an SVG document
 */
export function drawChart(heading, caption, panels) {
  const width = MARGIN * 2 + COLUMNS * WIDTH + (COLUMNS - 1) * GAP
  const places = []
  let top = MARGIN + HEAD
  for (let at = 0; at < panels.length; at += COLUMNS) {
    const line = panels.slice(at, at + COLUMNS)
    places.push(
      ...line.map((panel, column) => ({ panel, left: MARGIN + column * (WIDTH + GAP), top })),
    )
    top += TITLE + Math.max(...line.map(({ bars }) => bars.length)) * LINE + GAP
  }
  const body = places.map(({ panel, left, top: y }) => drawPanel(panel, left, y))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" role="img" aria-labelledby="title desc">
<title id="title">${inXml(heading)}</title>
<desc id="desc">${inXml([LEGEND, ...panels.map(describe)].join(' '))}</desc>
<style>${STYLE}
</style>
<text class="head" x="${MARGIN}" y="${MARGIN + 16}">${inXml(heading)}</text>
<text class="quiet" x="${MARGIN}" y="${MARGIN + 36}">${inXml(`${LEGEND} ${caption}`)}</text>
${body.join('\n')}
</svg>
`
}
