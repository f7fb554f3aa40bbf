// An applicant follows a dossier by keyboard, without an account: from the first page to
// the form, a mistyped code, the code of the slip, and the address that its QR code holds.
import { check, fill, open, press } from '../lib.mjs'
import { signIn } from './accessibility.mjs'
import { look, says, whole } from './thread.mjs'

const path = page => decodeURIComponent(new URL(page.url()).pathname)
const story = {}

// code is one that the counter's own list shows.
async function code({ browser, base }) {
  if (!story.code) {
    const page = await open(browser, base)
    await signIn(page, base, 'motcua')
    await page.goto('/dossiers')
    story.code = (await page.locator('main').innerText()).match(/GL\.X001-\d{6}-\d{4}/)[0]
    await page.context().close()
  }
  return story.code
}

export const steps = {}

steps['a visitor finds a dossier by its code, and nobody is named in full'] = async (t) => {
  const page = await open(t.browser, t.base)
  await page.goto('/')
  await press(page, { text: 'Tra cứu hồ sơ', selector: 'nav a' })
  check(path(page) === '/tra-cuu', `the menu led to ${page.url()}`)
  await look(page)
  await fill(page, { name: 'code' }, (await code(t)).toLowerCase())
  await press(page, { text: 'Tra cứu', selector: 'main button' })
  check(path(page) === '/tra-cuu/' + story.code, `the code led to ${page.url()}`)
  await says(page, story.code)
  await says(page, '***')
  await look(page)
  await whole(page)
}

steps['a mistyped code is answered at the form, with what was typed still there'] = async (t) => {
  const page = await open(t.browser, t.base)
  await page.goto('/tra-cuu')
  await fill(page, { name: 'code' }, 'GL.X001')
  await press(page, { text: 'Tra cứu', selector: 'main button' })
  await says(page, 'Mã hồ sơ có dạng')
  check(await page.locator('main input[name=code]').inputValue() === 'GL.X001', 'what was typed is gone')
  await look(page)
  await whole(page)
}

steps['the address of the QR code reads on a narrow phone without script'] = async (t) => {
  const page = await open(t.browser, t.base, { width: 320, height: 640, script: false })
  const answer = await page.goto('/tra-cuu/' + await code(t))
  check(answer.ok(), `the page answers ${answer.status()}`)
  await says(page, 'Thông tin hồ sơ')
  check(!/\d{9}/.test(await page.locator('main').innerText()), 'a whole identity number stands on the page')
}
