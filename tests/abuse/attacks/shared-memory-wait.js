// attack: block the worker with Atomics.wait
// expect: done "contained"
if (typeof SharedArrayBuffer === 'undefined' || typeof Atomics === 'undefined') return 'contained'
try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100000) } catch (error) { return 'contained' }
return 'waited'
