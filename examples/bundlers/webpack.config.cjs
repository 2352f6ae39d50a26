module.exports = {
  mode: 'production',
  target: 'node20',
  entry: './app.mjs',
  experiments: { outputModule: true },
  externals: { '@hutch/isolate': 'module @hutch/isolate' },
  output: { path: `${__dirname}/out`, filename: 'app.mjs', module: true },
}
