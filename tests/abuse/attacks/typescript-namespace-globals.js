// attack: a namespace and an enum with the names of intrinsics
// expect: done ["object","function"]
namespace Promise { export const then = 1 }
enum Array { prototype }
return [typeof Promise, typeof (async () => {})]
