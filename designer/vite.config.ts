import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// One file per concern that changes at its own pace; the editor is loaded when a screen needs it.
function chunkOf(id: string): string | undefined {
  if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return 'react'
  if (/@xyflow|node_modules\/d3-|classcat/.test(id)) return 'canvas'
  if (/codemirror|@lezer|style-mod|w3c-keyname|crelt|@marijn/.test(id)) return 'editor'
  if (/react-aria|react-stately|@internationalized|@react-types/.test(id)) return 'aria'
  if (/@tanstack/.test(id)) return 'router'
  if (/node_modules\/yaml\//.test(id)) return 'yaml'
  return undefined
}

export default defineConfig({
  base: '/designer/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: { output: { manualChunks: chunkOf } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:5080', '/schema': 'http://127.0.0.1:5080', '/health': 'http://127.0.0.1:5080' } },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
})
