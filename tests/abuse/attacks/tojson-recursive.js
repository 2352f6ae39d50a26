// attack: toJSON makes the value deeper each time it is asked
// memory: 33554432
// expect: failed *
return { toJSON() { return { next: { toJSON: this.toJSON } } } }
