// attack: a BigInt power that takes minutes in one instruction
// timeout: 500
// expect: failed *
return String(7n ** 20000000n).length
