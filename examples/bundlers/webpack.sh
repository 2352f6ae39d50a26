webpack --config webpack.config.cjs
