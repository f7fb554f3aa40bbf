// Runs every journey in journeys/, each against a demonstration of its own, and says
// what held. Exits 1 when one did not.
import { readdirSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, launch, serveDemo } from './lib.mjs'

const dir = join(dirname(fileURLToPath(import.meta.url)), 'journeys')
const only = process.argv[2]
const files = readdirSync(dir).filter(f => f.endsWith('.mjs') && (!only || f.includes(only))).sort()
const binary = build()
const browser = await launch()
let failed = 0, passed = 0
for (const f of files) {
  const { steps } = await import(join(dir, f))
  const server = await serveDemo(binary)
  try {
    for (const [sentence, act] of Object.entries(steps)) {
      try {
        await act({ browser, server, base: server.base })
        passed++
        console.log(`ok    ${f}: ${sentence}`)
      } catch (e) {
        failed++
        console.log(`FAIL  ${f}: ${sentence}\n      ${String(e.stack || e).split('\n').slice(0, Number(process.env.FAULTS || 14)).join('\n      ')}`)
      }
    }
  } finally {
    await server.stop()
  }
}
await browser.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
