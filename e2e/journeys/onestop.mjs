// The one-stop shop by keyboard: a clerk receives a dossier and prints its slip, the
// handler takes it up and carries it on, the leader signs, the clerk hands the result out.
import { check, choose, fill, focus, open, press } from '../lib.mjs'
import { signIn } from './accessibility.mjs'
import { look, says, whole } from './thread.mjs'

const desks = {}
const story = {}
const path = page => decodeURIComponent(new URL(page.url()).pathname)

async function desk({ browser, base }, login) {
  if (!desks[login]) {
    desks[login] = await open(browser, base)
    await signIn(desks[login], base, login)
  }
  return desks[login]
}

// act opens a move from the dossier's page and presses its button.
async function act(page, words, before = async () => {}) {
  await page.goto(story.dossier)
  await look(page)
  await press(page, { text: words, selector: 'main a' })
  await look(page)
  await before()
  await press(page, { text: words, selector: 'main button' })
  await says(page, 'đã ghi nhận')
}

export const steps = {}

steps['a clerk finds the procedure by words without marks, receives and has the slip in under a minute'] = async (t) => {
  const page = await desk(t, 'motcua')
  const begun = Date.now()
  await page.goto('/receive')
  await look(page)
  await fill(page, { name: 'q' }, 'giay phep karaoke')
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
  await press(page, { text: 'Cấp Giấy phép đủ điều kiện kinh doanh dịch vụ karaoke', selector: 'main a' })
  await look(page)
  await fill(page, { name: 'applicant.name' }, 'Hộ kinh doanh Ánh Sao Mẫu')
  await fill(page, { name: 'applicant.id_number' }, '052088001234')
  await choose(page, { name: 'competent' }, 'Sở Văn hóa')
  await press(page, { text: 'Tiếp nhận và cấp mã', selector: 'main button' })
  await says(page, 'Đã tiếp nhận hồ sơ')
  await says(page, 'Hẹn trả')
  story.code = path(page).split('/')[2]
  story.dossier = '/dossiers/' + story.code
  check(/^GL\.X001-\d{6}-\d{4}$/.test(story.code), `the code is ${story.code}`)
  await look(page)
  const slip = await page.context().request.get(`/slips/of/${story.code}/receipt/pdf`)
  check(slip.ok() && (await slip.body()).subarray(0, 5).toString() === '%PDF-', `the slip answers ${slip.status()}`)
  const roll = await page.context().request.get(`/slips/of/${story.code}/receipt/roll`)
  check(roll.ok(), `the roll answers ${roll.status()}`)
  check(Date.now() - begun < 60_000, `it took ${Date.now() - begun} ms`)
  await whole(page)
}

steps['a wrong number and a missing name come back marked, and nothing is received'] = async (t) => {
  const page = await desk(t, 'motcua')
  await page.goto('/receive/karaoke-new')
  await fill(page, { name: 'applicant.id_number' }, '12345')
  await press(page, { text: 'Tiếp nhận và cấp mã', selector: 'main button' })
  check(path(page) === '/receive/karaoke-new', `the form led to ${page.url()}`)
  check(await page.locator('.err-sum, [role=alert], .errors').count() > 0, 'no summary of faults')
  await look(page)
  await whole(page)
}

steps['the counter hands it over, the handler takes it up and carries it to the leader, who signs'] = async (t) => {
  const clerk = await desk(t, 'motcua')
  await act(clerk, 'Chuyển xử lý')
  const handler = await desk(t, 'thuly')
  await handler.goto('/inbox')
  await look(handler)
  await act(handler, 'Nhận xử lý')
  await act(handler, 'Chuyển bước tiếp theo')
  await act(handler, 'Chuyển bước tiếp theo')
  const leader = await desk(t, 'lanhdao')
  await act(leader, 'Ký kết quả', async () => { await fill(leader, { name: 'number' }, '15/GP-SVHTTDL') })
  await says(leader, '15/GP-SVHTTDL')
  for (const p of [clerk, handler, leader]) await whole(p)
}

steps['the result goes to the counter and is handed out, and the page tells the whole way'] = async (t) => {
  const handler = await desk(t, 'thuly')
  await act(handler, 'Chuyển kết quả về bộ phận trả')
  const clerk = await desk(t, 'motcua')
  await act(clerk, 'Trả kết quả')
  for (const words of ['Đã trả kết quả', 'Ký kết quả', 'Tiếp nhận', '15/GP-SVHTTDL']) await says(clerk, words)
  await look(clerk)
  await clerk.goto('/dossiers?q=' + encodeURIComponent('anh sao mau'))
  await says(clerk, story.code)
  await look(clerk)
  await whole(handler)
  await whole(clerk)
}

steps['who belongs elsewhere does not find the dossier'] = async (t) => {
  const page = await desk(t, 'soxd.truong')
  for (const url of [story.dossier, story.dossier + '/do/approve', `/slips/of/${story.code}/receipt/pdf`]) {
    const r = await page.goto(url)
    check([403, 404].includes(r.status()), `${url} answers ${r.status()}`)
  }
}
