// attack: Array.prototype.fill over an object that claims 2^53 elements
// timeout: 500
// expect: failed *
return Array.prototype.fill.call(new Proxy({ length: Number.MAX_SAFE_INTEGER }, { set() { return true } }), 0)
