// attack: a toJSON on Object.prototype answers for every value
// expect: done "forged, but only by the guest about itself"
Object.prototype.toJSON = function () { return 'forged, but only by the guest about itself' }
return { real: true }
