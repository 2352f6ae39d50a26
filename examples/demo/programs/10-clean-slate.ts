// title: After all that: the next program finds nothing of the ones before
// expect: success
const doubled = [1, 2, 3].map((n) => n * 2)
const leftBehind = typeof (globalThis as any).leftBehind
const doors = ['process', 'require', 'fetch', 'setTimeout', 'Bun', 'Deno', 'os']
const open = doors.filter((name) => name in globalThis)
const imported = await import('fs' as string).then(() => true, () => false)
return { doubled, leftBehind, open, imported }
