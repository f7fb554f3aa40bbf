// What every journey needs: a demonstration server of its own, a browser, axe, and
// ways to act by keyboard only.
import { spawn, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, mkdirSync, readFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'node:net'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '..')
export const out = join(here, 'out')
mkdirSync(out, { recursive: true })

const chromiums = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const executablePath = chromiums.find(existsSync)

// build makes the program; CCHC names one that is built already.
export function build() {
  if (process.env.CCHC) return process.env.CCHC
  const binary = join(out, 'cchc')
  execFileSync('go', ['build', '-o', binary, '.'], { cwd: root, stdio: 'inherit' })
  return binary
}

async function freePort() {
  return new Promise((resolve, reject) => {
    const s = createServer()
    s.once('error', reject)
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => resolve(port))
    })
  })
}

// serveDemo starts `cchc demo` in a folder of its own and waits for its ready line.
export async function serveDemo(binary) {
  const dir = mkdtempSync(join(tmpdir(), 'cchc-e2e-'))
  const port = await freePort()
  const child = spawn(binary, ['demo', '--data', join(dir, 'demo'), '--listen', `127.0.0.1:${port}`])
  let text = ''
  const base = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the demonstration was not ready in 120 s:\n${text}`)), 120_000)
    const read = chunk => {
      text += chunk
      const m = text.match(/^ready (http:\/\/\S+)/m)
      if (m) { clearTimeout(late); resolve(m[1]) }
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', code => { clearTimeout(late); reject(new Error(`the demonstration ended with ${code}:\n${text}`)) })
  })
  child.removeAllListeners('exit')
  return {
    base, dir: join(dir, 'demo'), binary,
    stop: () => new Promise(done => {
      child.once('exit', () => { rmSync(dir, { recursive: true, force: true }); done() })
      child.kill('SIGTERM')
    }),
  }
}

export async function launch() {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

// page opens a new context; script: false shows that the product works without it.
export async function open(browser, base, { width = 1440, height = 900, script = true, lang = 'vi-VN' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: script, locale: lang, baseURL: base })
  const page = await context.newPage()
  page.faults = []
  page.on('pageerror', e => page.faults.push(`script error: ${e.message}`))
  page.on('console', m => { if (m.type() === 'error' && !/status of (4|5)\d\d/.test(m.text())) page.faults.push(`console: ${m.text()}`) })
  return page
}

const axeSource = readFileSync(join(here, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8')

// axe returns the violations of the page as it stands. The content security policy
// forbids injected script tags, so axe is evaluated by the debugger. rules narrows it.
export async function axe(page, rules) {
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
  await page.evaluate(axeSource)
  const result = await page.evaluate(runOnly => window.axe.run(document, { runOnly, resultTypes: ['violations'] }), runOnly)
  return result.violations.map(v => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')})`)
}

export const sideways = page => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

// focus walks with Tab until the focused element matches, as a keyboard user does.
export async function focus(page, match, most = 500) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(({ text, selector, name }) => {
      const e = document.activeElement
      if (!e || e === document.body) return false
      if (selector && !e.matches(selector)) return false
      if (name && e.getAttribute('name') !== name) return false
      const words = (e.innerText || e.value || e.getAttribute('aria-label') || '').replace(/\s+/g, ' ').trim()
      if (text && !words.includes(text)) return false
      const box = e.getBoundingClientRect()
      return box.width > 0 && box.height > 0
    }, match)
    if (found) return
  }
  throw new Error(`Tab never reached ${JSON.stringify(match)} on ${page.url()}`)
}

// press focuses by keyboard and presses Enter, and waits for the page that follows.
export async function press(page, match) {
  await focus(page, match)
  await Promise.all([page.waitForEvent('load', { timeout: 30_000 }), page.keyboard.press('Enter')])
}

// fill types into a field that Tab reaches, in place of what it held.
export async function fill(page, match, text) {
  await focus(page, match)
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(text)
}

// choose moves with the arrows in a list or a group of radio buttons until the words match.
export async function choose(page, match, words) {
  await focus(page, match)
  const now = () => page.evaluate(() => {
    const e = document.activeElement
    if (e.tagName === 'SELECT') return e.selectedOptions[0]?.text || ''
    return e.checked ? e.closest('label').innerText : ''
  })
  const select = await page.evaluate(() => document.activeElement.tagName === 'SELECT')
  if (select) await page.keyboard.press('Home')
  else if (!(await now())) await page.keyboard.press('Space')
  for (let i = 0; i < 400; i++) {
    if ((await now()).includes(words)) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`no choice says ${words} on ${page.url()}`)
}

export function check(condition, sentence) {
  if (!condition) throw new Error(sentence)
}
