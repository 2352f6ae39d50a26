// attack: a static import in the body
// expect: failed syntax_error SyntaxError
import fs from 'fs'
return fs
