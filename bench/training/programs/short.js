const { n } = await echo({ n: 41 })
return n + 1 === 42
