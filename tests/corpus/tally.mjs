/** What is said of all files together. */

/** @param {Record<string, number>} counts @param {string} key @param {number} [by] */
function count(counts, key, by = 1) {
  counts[key] = (counts[key] ?? 0) + by
}

/** @param {number} part @param {number} whole */
function percent(part, whole) {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(3)} %`
}

export class Tally {
  /** @type {{ name: string, fault: import('./judge.mjs').Fault }[]} */
  #faults = []
  #right = 0
  #wrong = 0
  /** What the faults are of: check, then how many files. @type {Record<string, number>} */
  #wrongChecks = {}
  /** @type {Record<string, number>} */
  #setAside = {}
  /** @type {Record<string, number>} */
  #refused = {}
  /** @type {Record<string, number>} */
  #differences = {}
  #equalTrees = 0
  #blanked = 0
  #equalBytes = 0
  #units = 0
  #kept = 0
  #written = 0

  /** @param {string} set @param {number} packages @param {number} duplicates */
  constructor(set, packages, duplicates) {
    this.set = set
    this.packages = packages
    this.duplicates = duplicates
  }

  /** @param {string} name @param {number} units @param {import('./judge.mjs').Verdict} verdict */
  add(name, units, verdict) {
    if (verdict.setAside !== undefined) {
      count(this.#setAside, verdict.setAside)
      return
    }
    const checks = new Set(verdict.faults.map(({ check }) => check))
    for (const check of checks) count(this.#wrongChecks, check)
    if (checks.size === 0) this.#right += 1
    else this.#wrong += 1
    this.#units += units
    this.#faults.push(...verdict.faults.map((fault) => ({ name, fault })))
    if (verdict.refused !== undefined) count(this.#refused, verdict.refused)
    if (verdict.kept === undefined) return
    if (!checks.has('tree')) this.#equalTrees += 1
    if (verdict.isBlanked) {
      this.#blanked += 1
      if (verdict.difference !== undefined) count(this.#differences, verdict.difference)
      else if (!checks.has('bytes')) this.#equalBytes += 1
    }
    this.#kept += verdict.kept
    this.#written += verdict.written ?? 0
  }

  get #compared() {
    return this.#right + this.#wrong
  }

  /** Of the files compared, those that are right or documented. */
  share() {
    return this.#compared === 0 ? 0 : this.#right / this.#compared
  }

  /** A line for the one who waits. */
  line() {
    const wrong = Object.entries(this.#wrongChecks).map(([check, files]) => `${check} ${files}`)
    return wrong.length === 0 ? 'all right' : `wrong: ${wrong.join(', ')}`
  }

  figures() {
    return {
      set: this.set,
      packages: this.packages,
      files: this.#compared,
      megabytes: Number((this.#units / 1e6).toFixed(1)),
      duplicatesLeftOut: this.duplicates,
      setAside: this.#setAside,
      rightOrDocumented: this.#right,
      equalTrees: this.#equalTrees,
      refusedAsDocumented: this.#refused,
      blankedByTsBlankSpace: this.#blanked,
      equalBytes: this.#equalBytes,
      bytesDifferAsDocumented: this.#differences,
      charactersAtTheirPlace: this.#kept,
      charactersWritten: this.#written,
      wrong: this.#wrongChecks,
    }
  }

  /** @returns {string} */
  text() {
    const list = (/** @type {Record<string, number>} */ counts) =>
      Object.entries(counts).map(([name, files]) => `  ${name}: ${files}`)
    return [
      `set ${this.set}: ${this.packages} packages, ${this.#compared} files compared, ` +
        `${(this.#units / 1e6).toFixed(1)} million characters`,
      `left out: ${this.duplicates} with the text of another`,
      ...list(this.#setAside),
      `syntax trees equal to the compiler's: ${this.#equalTrees}`,
      'refused, as documented:',
      ...list(this.#refused),
      `bytes equal to those of ts-blank-space: ${this.#equalBytes} of ${this.#blanked} on which it succeeds`,
      'not equal, as documented:',
      ...list(this.#differences),
      `characters at their place: ${this.#kept}; written by the stripper: ${this.#written}`,
      'wrong:',
      ...list(this.#wrongChecks),
      `right or documented: ${this.#right} of ${this.#compared}, ${percent(this.#right, this.#compared)}`,
      `files: ${this.#right} passed, ${this.#wrong} failed`,
    ].join('\n')
  }

  /** @returns {string} Markdown */
  faultsText() {
    const entries = this.#faults.map(({ name, fault }) => {
      const excerpts = fault.excerpts.map(
        ([title, text]) => `${title}:\n\n\`\`\`\n${text}\n\`\`\`\n`,
      )
      return `## ${fault.check}: ${name}\n\n${fault.why}\n\n${excerpts.join('\n')}`
    })
    return `# Faults in the ${this.set} set: ${this.#faults.length}\n\n${entries.join('\n')}`
  }
}
