// attack: names and values of an enum that try to become code of their own
// expect: done {"ran":false,"keys":3}
let ran = false
const evil = () => { ran = true; return 1 }
enum E {
  "'] = evil(); E['" = 1,
  "\"] = evil(); //" = 2,
  '*/ evil() /*' = '`${evil()}`',
}
return { ran, keys: Object.keys(E).filter((key) => key.includes('evil')).length }
