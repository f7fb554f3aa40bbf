// Lints the OpenAPI document that a running demonstration serves, with spectral and
// redocly; any finding is a failure.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, out, serveDemo } from './lib.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const server = await serveDemo(build())
const file = join(out, 'openapi.json')
try {
  const res = await fetch(`${server.base}/api/openapi.json`)
  if (!res.ok) throw new Error(`GET /api/openapi.json answered ${res.status}`)
  writeFileSync(file, await res.text())
} finally {
  await server.stop()
}
let failed = false // redocly's strict set and spectral's severity make every finding count
for (const [name, args] of [
  ['spectral', ['lint', '--fail-severity=hint', '--ruleset', join(here, 'spectral.yaml'), file]],
  ['redocly', ['lint', '--config', join(here, 'redocly.yaml'), file]],
]) {
  const run = spawnSync(join(here, 'node_modules', '.bin', name), args, { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off' } })
  const text = run.stdout + run.stderr
  console.log(`${name}:\n${text.trim()}`)
  failed ||= run.status !== 0
}
process.exit(failed ? 1 : 0)
