// Following the year's plan by keyboard: the Word file that goes out comes in again, an
// agency asks for more time, the secretary accepts several results at once and has a
// letter signed, a reminder's mail is answered without signing in, the chairman urges.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, choose, fill, focus, open, out, press } from '../lib.mjs'
import { signIn } from './accessibility.mjs'
import { look, says, whole } from './thread.mjs'

const desks = {}
const path = page => new URL(page.url()).pathname

async function desk({ browser, base }, login) {
  if (!desks[login]) {
    desks[login] = await open(browser, base)
    await signIn(desks[login], base, login)
  }
  return desks[login]
}

// tick sets the check boxes of the first n rows that have one, by keyboard.
async function tick(page, n) {
  const boxes = page.locator('main table input[type=checkbox]')
  for (let i = 0; i < n; i++) {
    await focus(page, { selector: `input[type=checkbox][value="${await boxes.nth(i).getAttribute('value')}"]` })
    await page.keyboard.press('Space')
  }
}

export const steps = {}

steps['the plan goes out as Word and comes in again with all its tasks'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/plan')
  const board = path(page)
  const got = await page.context().request.get(board + '/export.docx?whole=yes')
  check(got.ok(), `the Word file answers ${got.status()}`)
  const file = join(out, 'ke-hoach.docx')
  writeFileSync(file, await got.body())
  await page.goto('/plan/import')
  await page.setInputFiles('input[type=file]', file)
  await fill(page, { name: 'year' }, '2027')
  await fill(page, { name: 'title' }, 'Kế hoạch cải cách hành chính năm 2027 (từ Word)')
  await choose(page, { name: 'office' }, 'Văn phòng')
  await press(page, { text: 'Đọc tệp', selector: 'button' })
  for (const code of ['NV01', 'NV17', 'NV38']) await says(page, code)
  await look(page)
  await press(page, { text: 'Lưu thành dự thảo', selector: 'button' })
  check(/^\/plan\/drafts\//.test(path(page)), `keeping the draft led to ${page.url()}`)
  await look(page)
  await whole(page)
}

steps['an agency asks for more time before the date, and the day first set stays'] = async (t) => {
  const page = await desk(t, 'soxd.truong')
  await page.goto('/plan/mine')
  await says(page, 'Sở Xây dựng')
  await look(page)
  await page.goto('/inbox')
  await press(page, { text: 'quy hoạch xây dựng', selector: 'main a' })
  const assignment = path(page)
  check(/^\/plan\/assignments\//.test(assignment), `the inbox led to ${page.url()}`)
  await page.goto(assignment + '/extend')
  await look(page)
  await fill(page, { name: 'new_day' }, '30/11/2026')
  await fill(page, { name: 'reason' }, 'Chờ Bộ hướng dẫn thủ tục nội bộ.')
  await press(page, { text: 'Gửi đề nghị', selector: 'main button' })
  await says(page, 'Đã gửi đề nghị gia hạn')
  const chair = await desk(t, 'chutich')
  await chair.goto(assignment)
  await press(chair, { selector: 'main a[href^="/plan/extensions/"]' })
  await look(chair)
  await focus(chair, { selector: 'input[type=radio]' })
  await chair.keyboard.press('Space')
  await fill(chair, { name: 'document' }, '15/UBND-NC')
  await press(chair, { selector: 'main form button' })
  await page.goto(assignment)
  await says(page, '30/11/2026')
  await says(page, '15/11/2026') // the day first set, beside the later one
  await whole(page)
  await whole(chair)
}

steps['the secretary accepts several results at once, each with its own entry'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/inbox')
  await tick(page, 3)
  await press(page, { text: 'Xử lý các việc đã chọn', selector: 'main button' })
  await says(page, 'Áp dụng được cho 3 trên 3 việc')
  await look(page)
  await press(page, { text: 'Thực hiện', selector: 'main button' })
  await says(page, 'Làm được 3 việc, 0 việc không làm được')
  await look(page)
  await whole(page)
}

steps['a list is kept under a name and had as a file'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/urge')
  await press(page, { text: 'Lưu góc nhìn', selector: 'main a' })
  await look(page)
  await fill(page, { name: 'name' }, 'Mọi lần đôn đốc')
  await press(page, { text: 'Lưu', selector: 'main button' })
  check(path(page) === '/urge', `keeping a view led to ${page.url()}`)
  await page.goto('/views')
  await look(page)
  await press(page, { text: 'Mọi lần đôn đốc', selector: 'main a' })
  const csv = await page.context().request.get(await page.locator('main .files a', { hasText: 'CSV' }).getAttribute('href'))
  check(csv.ok() && (await csv.text()).includes('NV'), `the file answers ${csv.status()}`)
  await whole(page)
}

steps['an urging letter is presented by the secretary and signed by somebody else'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/urge/letters')
  await look(page)
  await press(page, { selector: 'main table a[href^="/urge/letters/"]' })
  const letter = path(page)
  await look(page)
  await press(page, { text: 'Trình ký', selector: 'main a' })
  await press(page, { text: 'Trình ký', selector: 'main button' })
  const chair = await desk(t, 'chutich')
  await chair.goto(letter)
  await press(chair, { text: 'Ký và gửi', selector: 'main a' })
  await fill(chair, { name: 'signer' }, 'Chủ tịch UBND tỉnh')
  await press(chair, { text: 'Ký và gửi', selector: 'main button' })
  await says(chair, 'Số 1/2026')
  const docx = await chair.context().request.get(letter + '/docx')
  check(docx.ok() && (await docx.body()).subarray(0, 2).toString() === 'PK', 'the letter is no Word file')
  await look(chair)
  await whole(page)
  await whole(chair)
}

steps['a reminder is answered from its mail without signing in, once'] = async (t) => {
  const admin = await desk(t, 'admin')
  let link
  for (let i = 0; i < 50 && !link; i++) { // mails go out a moment after the start
    await admin.goto('/admin/outbox')
    link = (await admin.locator('main').textContent()).match(/\/update\/[A-Z2-7]{26}/)?.[0]
    if (!link) await admin.waitForTimeout(300)
  }
  check(link, 'no mail of the outbox carries a link')
  const page = await open(t.browser, t.base)
  await page.goto(link)
  await look(page)
  await fill(page, { name: 'percent' }, '35')
  await fill(page, { name: 'text' }, 'Đã họp với các phòng, đang tổng hợp.')
  await press(page, { text: 'Gửi cập nhật', selector: 'main button' })
  await says(page, 'Đã ghi cập nhật')
  await look(page)
  const again = await page.goto(link)
  check(again.status() === 409, `the link answers ${again.status()} a second time`)
  await says(page, 'đã dùng rồi')
  await look(page)
  await whole(page)
  await page.context().close()
}

steps['the chairman urges from the cockpit'] = async (t) => {
  const page = await desk(t, 'chutich')
  await page.goto('/cockpit')
  await press(page, { text: 'Đôn đốc', selector: 'main table a' })
  await look(page)
  await fill(page, { name: 'text' }, 'Báo cáo tôi trước thứ Sáu.').catch(() => fill(page, { name: 'words' }, 'Báo cáo tôi trước thứ Sáu.'))
  await press(page, { selector: 'main form button' })
  await says(page, 'Báo cáo tôi trước thứ Sáu.')
  await look(page)
  await whole(page)
}
