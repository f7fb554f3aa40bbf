// Every page that a person meets, in light, dark and high contrast, at 320 and 1440 px:
// axe finds nothing, nothing scrolls sideways, nothing fails in the console.
import { axe, check, open, sideways } from '../lib.mjs'

// Addresses in braces are found by following a link from the page on the left.
const visitors = {
  '-': ['/', '/due', '/due?start=28/08/2026+15:00&amount=5&unit=working_day', '/due?start=30/02/2026&amount=x', '/sign-in', '/forgotten', '/accessibility', '/plan', '/plan/public', '/api', '/nothing-here'],
  noivu: ['/inbox', '/account', '/account/password', '/account/second-factor', '/plan', '/plan/all', '/plan/import', '{board}', '{boardFigure}', '{task}', '{assignment}', '{proof}',
    '/agencies', '/agencies/tree', '{agency}', '/handovers', '/calendar', '/calendar/hours', '/notices', '/delegations', '/figures/plan.overdue_open'],
  'soxd.truong': ['/inbox', '{mine}', '{mine}/progress', '{mine}/submit', '{mine}/extend', '/delegations/new'],
  chutich: ['/cockpit', '/figures/plan.completion', '/figures/plan.overdue_open?face=cockpit', '{late}', '{late}/urge'],
  admin: ['/admin/accounts', '/admin/accounts/new', '{account}', '{account}/edit', '{account}/link', '{account}/sign-ins', '{account}/grants/new', '/admin/roles', '/admin/roles/new', '{role}',
    '/admin/log', '{entry}', '/admin/checkpoints', '/admin/jobs', '/admin/messages', '/admin/messages/settings', '/admin/outbox',
    '/agencies/new', '/agencies/import', '/agencies/reorganise', '{agency}/rename', '/calendar/day', '/calendar/swap', '/calendar/suggest', '/calendar/confirm', '/calendar/hours/entry'],
  motcua: ['/dossiers', '{dossier}', '{dossier}/received', '{dossier}/do/note', '/receive', '/receive/karaoke-new', '/receive/numbers', '/counter', '/counter/today', '/counter/appointments',
    '/interlinks', '/interlinks/new', '/payments', '{order}', '/payments/new', '/payments/movements', '/payments/closings', '/payments/closings/new', '/payments/statements', '/catalogue', '/catalogue/karaoke-new'],
  giamdoc: ['/flow', '/flow/hkd-new', '/quality', '/quality/units', '/quality/form', '{sheet}', '/slips', '/slips/forms/receipt', '/counter/settings', '{queue}', '{desk}', '/applicants/ratings', '/payments/settings', '{gateway}'],
  vpubnd: ['/quality', '/quality/official', '/quality/freeze', '/quality/settings', '/catalogue/new', '/catalogue/import', '/applicants/settings', '/views'],
  congdan: ['/my', '/submit', '/submit/guide', '/submit/hkd-new', '/appointments', '/appointments/new', '/procedures', '/procedures/karaoke-new', '/tra-cuu'],
}
const id = '[^/?#]{20,}'
const found = {
  board: ['/plan/all', `^/plan/${id}$`], boardFigure: ['/plan', `^/plan/${id}/figures/`], task: ['/plan', `^/plan/tasks/${id}$`], assignment: ['{task}', `^/plan/assignments/${id}$`],
  proof: ['{assignment}', '/proof/'], agency: ['/agencies', `^/agencies/${id}`], mine: ['/inbox', `^/plan/assignments/${id}$`], late: ['/figures/plan.overdue_open', `^/plan/assignments/${id}$`],
  account: ['/admin/accounts', `^/admin/accounts/${id}$`], role: ['/admin/roles', '^/admin/roles/(?!new$)[^/]+$'], entry: ['/admin/log', `^/admin/log/${id}$`],
  dossier: ['/dossiers', '^/dossiers/[^/]+$'], order: ['/payments', `^/payments/orders/${id}$`], sheet: ['/quality/units', `^/quality/sheets/${id}`], queue: ['/counter/settings', `/queues/${id}`],
  desk: ['/counter/settings', `/desks/${id}`], gateway: ['/payments/settings', `/gateways/${id}`],
}
const modes = { light: '', dark: 'm.vi.dark', 'high contrast': 'm.vi.hc', large: 'l.vi' }
// What the modes change is colour and size: in light every rule is asked, in the others
// contrast, in large type whether anything leaves the screen.
const rulesIn = { light: undefined, dark: ['color-contrast'], 'high contrast': ['color-contrast'], large: ['target-size'] }
const modesAt = { 320: Object.keys(modes), 1440: ['light', 'high contrast'] }

export async function signIn(page, base, login) {
  const res = await page.context().request.post('/demo/sign-in', { form: { login, next: '/inbox' }, headers: { origin: base } })
  check(res.ok(), `one click did not sign ${login} in: ${res.status()}`)
}

// address replaces a name in braces by the first link that matches it, as a reader
// would find it.
async function address(page, path, known) {
  const m = path.match(/^\{(\w+)\}(.*)$/)
  if (!m) return path
  if (!known[m[1]]) {
    const [from, pattern] = found[m[1]]
    await page.goto(await address(page, from, known))
    known[m[1]] = await page.evaluate(p => [...document.querySelectorAll('main a')].map(a => a.getAttribute('href')).find(h => new RegExp(p).test(h || ''))?.split('?')[0], pattern)
    check(known[m[1]], `${from} has no link like ${pattern}`)
  }
  return known[m[1]] + m[2]
}

export const steps = {}
for (const [login, paths] of Object.entries(visitors)) {
  for (const width of [320, 1440]) {
    steps[`${login === '-' ? 'a visitor' : login} at ${width} px meets no barrier in any mode`] = async ({ browser, base }) => {
      const page = await open(browser, base, { width })
      if (login !== '-') await signIn(page, base, login)
      const known = {}
      const faults = []
      for (const path of paths) {
        let url
        try { url = await address(page, path, known) } catch (e) { faults.push(`${path}: ${e.message}`); continue }
        for (const mode of modesAt[width]) {
          await page.context().clearCookies({ name: 'display' })
          if (modes[mode]) await page.context().addCookies([{ name: 'display', value: modes[mode], url: base }])
          const res = await page.goto(url)
          if (mode === 'light' && res.status() !== (path === '/nothing-here' ? 404 : path.includes('30/02') ? 422 : 200)) faults.push(`${path}: answers ${res.status()}`)
          for (const v of await axe(page, rulesIn[mode])) faults.push(`${path} (${mode}): ${v}`)
          if (await sideways(page)) faults.push(`${path} (${mode}): scrolls sideways`)
        }
      }
      faults.push(...page.faults)
      await page.context().close()
      const most = Number(process.env.FAULTS || 12)
      check(faults.length === 0, faults.slice(0, most).join('\n      ') + (faults.length > most ? `\n      and ${faults.length - most} more` : ''))
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
    // Waiting begins before the key: the answer may come at once.
    await Promise.all([page.waitForEvent('load', { timeout: 30_000 }), page.keyboard.press('Enter')])
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
