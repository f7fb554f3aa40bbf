// Every page that a person meets, in light, dark and high contrast, at 320 and 1440 px:
// axe finds nothing, nothing scrolls sideways, nothing fails in the console.
import { axe, check, open, sideways } from '../lib.mjs'

const visitors = {
  '-': ['/', '/due', '/due?start=28/08/2026+15:00&amount=5&unit=working_day', '/due?start=30/02/2026&amount=x', '/sign-in', '/forgotten', '/accessibility', '/plan', '/api', '/nothing-here'],
  noivu: ['/inbox', '/account', '/plan', '{board}', '{task}', '{assignment}', '/plan/import', '/agencies', '/calendar', '/notices', '/figures/plan.overdue_open'],
  chutich: ['/cockpit', '/figures/plan.completion'],
  admin: ['/admin/accounts', '/admin/roles', '/admin/log', '/admin/jobs', '/admin/messages'],
}
const modes = { light: '', dark: 'm.vi.dark', 'high contrast': 'm.vi.hc', large: 'l.vi' }

export async function signIn(page, base, login) {
  const res = await page.context().request.post('/demo/sign-in', { form: { login, next: '/inbox' }, headers: { origin: base } })
  check(res.ok(), `one click did not sign ${login} in: ${res.status()}`)
}

// firstLinks finds one board, task and assignment, as a reader would by following links.
async function firstLinks(page) {
  const find = async (pattern) => page.evaluate(p => [...document.querySelectorAll('main a')].map(a => a.getAttribute('href')).find(h => new RegExp(p).test(h || '')), pattern)
  await page.goto('/plan')
  const task = await find('^/plan/tasks/[^/]+$')
  const board = await find('^/plan/[0-9a-f-]{36}([?#].*)?$')
  await page.goto(task)
  const assignment = await find('^/plan/assignments/[^/]+$')
  return { task, board: board || '/plan', assignment }
}

export const steps = {}
for (const [login, paths] of Object.entries(visitors)) {
  for (const width of [320, 1440]) {
    steps[`${login === '-' ? 'a visitor' : login} at ${width} px meets no barrier in any mode`] = async ({ browser, base }) => {
      const page = await open(browser, base, { width })
      if (login !== '-') await signIn(page, base, login)
      const links = login === 'noivu' ? await firstLinks(page) : {}
      const faults = []
      for (const path of paths) {
        const url = path.replace(/^\{(\w+)\}$/, (_, k) => links[k])
        for (const [mode, cookie] of Object.entries(modes)) {
          await page.context().clearCookies({ name: 'display' })
          if (cookie) await page.context().addCookies([{ name: 'display', value: cookie, url: base }])
          await page.goto(url)
          for (const v of await axe(page)) faults.push(`${path} (${mode}): ${v}`)
          if (await sideways(page)) faults.push(`${path} (${mode}): scrolls sideways`)
        }
      }
      faults.push(...page.faults)
      await page.context().close()
      check(faults.length === 0, faults.slice(0, 12).join('\n      ') + (faults.length > 12 ? `\n      and ${faults.length - 12} more` : ''))
    }
  }
}

steps['text is enlarged and contrast raised by keyboard without script'] = async ({ browser, base }) => {
  const page = await open(browser, base, { script: false })
  await page.goto('/')
  const css = async () => (await page.locator('html').getAttribute('class')) || ''
  const pressButton = async (name, value) => {
    const button = page.locator(`.a11y button[name=${name}][value=${value}]`)
    await button.focus()
    await page.keyboard.press('Enter')
    await page.waitForLoadState('load')
  }
  await pressButton('size', 'l')
  check((await css()).includes('t-l'), 'A+ did not enlarge the text')
  await pressButton('contrast', 'up')
  check((await css()).includes('hc'), 'the contrast was not raised')
  check(page.url() === base + '/', `the reader was taken elsewhere: ${page.url()}`)
  await page.goto('/due')
  check((await css()).includes('t-l') && (await css()).includes('hc'), 'the next page forgot the choice')
  await pressButton('contrast', 'down')
  await pressButton('size', 's')
  check((await css()).includes('t-s') && !(await css()).includes('hc'), 'the choice could not be taken back')
  await page.context().close()
}

steps['the first Tab leads past the header to the content'] = async ({ browser, base }) => {
  const page = await open(browser, base)
  await page.goto('/due')
  await page.keyboard.press('Tab')
  const href = await page.evaluate(() => document.activeElement.getAttribute('href'))
  check(href && href.startsWith('#'), `the first Tab stop is ${href}, not a skip link`)
  await page.keyboard.press('Enter')
  const inside = await page.evaluate(h => location.hash === h && !!document.querySelector(h), href)
  check(inside, 'the skip link does not lead to the content')
  await page.context().close()
}
