// Writes .br and .gz copies beside the built files, so that the server sends them as they are.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const files = folder => readdirSync(folder).flatMap(name => {
  const path = join(folder, name)
  return statSync(path).isDirectory() ? files(path) : [path]
})

for (const path of files('dist').filter(file => /\.(js|css|html|svg|json)$/.test(file))) {
  const bytes = readFileSync(path)
  if (bytes.length < 1024) continue
  writeFileSync(path + '.br', brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  writeFileSync(path + '.gz', gzipSync(bytes, { level: 9 }))
}
