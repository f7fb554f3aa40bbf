// The thin thread by keyboard only: import the year's plan, settle its doubts, issue it;
// an agency takes an assignment, reports and hands in with evidence; the secretary
// returns, then approves; the figure changes by one; the chairman opens a figure down to
// the proof. Each step goes on where the one before stopped.
import { readFileSync } from 'node:fs'
import { axe, check, choose, fill, focus, open, press, sideways } from '../lib.mjs'
import { bombFile, evidenceFile, macroFile, planFile } from '../files.mjs'

const year = 2027
const people = { noivu: 'Chuyên viên Sở Nội vụ', chutich: 'Chủ tịch UBND tỉnh', 'soxd.truong': 'Giám đốc Sở Xây dựng', vpubnd: 'Chuyên viên Văn phòng UBND tỉnh',
  tuyphuoc: 'Chủ tịch UBND xã Tuy Phước', kiemtoan: 'Kiểm toán viên' }
const desks = {} // one signed-in page a person
const story = {} // addresses that later steps need

const text = page => page.locator('main').innerText()
const path = page => new URL(page.url()).pathname

// desk is the page of a person, signed in by keyboard when first asked for.
async function desk({ browser, base }, login) {
  if (!desks[login]) {
    const page = desks[login] = await open(browser, base)
    await page.goto('/sign-in')
    await look(page)
    await press(page, { selector: `form[action="/demo/sign-in"]:has(input[value="${login}"]) button` })
    check(path(page) !== '/sign-in', `${people[login]} was not let in`)
  }
  return desks[login]
}

// look holds the page as it stands to the rules of accessibility.
export async function look(page) {
  for (const v of await axe(page)) page.faults.push(`${path(page)}: ${v}`)
  if (await sideways(page)) page.faults.push(`${path(page)}: scrolls sideways`)
}

export async function says(page, words) {
  const t = await text(page)
  check(t.includes(words), `${path(page)} does not say “${words}”; it says: ${t.slice(0, 400).replace(/\s+/g, ' ')}`)
}

export async function whole(page) {
  const faults = page.faults.splice(0)
  check(faults.length === 0, [...new Set(faults)].join('\n      '))
}

// figure reads one figure of the board.
async function figure(page, name) {
  await page.goto(story.board)
  return Number((await page.locator(`a.stat[href*="/figures/${name}"] b`).innerText()).split('/')[0].replace(/\D/g, ''))
}

// upload chooses a plan file on the import page and has it read.
async function upload(page, file, forYear) {
  await page.goto('/plan/import')
  await page.setInputFiles('input[type=file]', file)
  await fill(page, { name: 'year' }, String(forYear))
  await fill(page, { name: 'title' }, `Kế hoạch cải cách hành chính năm ${forYear} (thử)`)
  await choose(page, { name: 'office' }, 'Văn phòng')
  await press(page, { text: 'Đọc tệp', selector: 'button' })
}

// settle decides the first doubt on the page and says which one it was.
async function settle(page) {
  const doubt = page.locator('#doubts ~ * section.panel, section[aria-labelledby="doubts"] section.panel').first()
  const title = (await doubt.locator('h3').innerText()).trim(), where = await doubt.locator('p').first().innerText()
  const form = await doubt.locator('form[action^="/plan/doubts/"]').getAttribute('action')
  const at = s => ({ selector: `form[action="${form}"] ${s}` })
  if (title.startsWith('Không tìm thấy cơ quan')) await choose(page, at('select[name=agency]'), 'Sở Xây dựng')
  else if (title.startsWith('Có hai cơ quan chủ trì')) await choose(page, at('input[type=radio]'), 'Sở Khoa học và Công nghệ')
  else if (title.startsWith('Thiếu sản phẩm')) await fill(page, at('input[name=text]'), 'Báo cáo sơ kết')
  else if (title.startsWith('Thời hạn để mở')) await fill(page, at('input[name=day]'), `30/11/${year}`)
  else await focus(page, at('input[type=radio]')) // the choice that is proposed
  await press(page, at('button'))
  return `${title} | ${where}`
}

export const steps = {}

steps['a macro workbook and a workbook that unpacks without end are refused, each with its sentence'] = async (t) => {
  const page = await desk(t, 'noivu')
  await upload(page, macroFile('macro.xlsm'), year)
  await says(page, 'macro')
  await look(page)
  await upload(page, bombFile('bomb.xlsx'), year)
  await says(page, 'giải nén ra quá lớn')
  await whole(page)
}

steps['the secretary imports the plan of a year and sees every doubt'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/plan/import')
  await look(page)
  await upload(page, planFile('ke-hoach.csv', year), year)
  for (const words of ['Thiếu sản phẩm', 'Không tìm thấy cơ quan này', 'Sở Quy hoạch và Kiến trúc', 'Có hai cơ quan chủ trì', 'Thời hạn để mở', 'Theo lộ trình tại văn bản 12']) await says(page, words)
  await look(page)
  await press(page, { text: 'Lưu thành dự thảo', selector: 'button' })
  check(/^\/plan\/drafts\//.test(path(page)), `keeping the draft led to ${page.url()}`)
  story.draft = path(page)
  await says(page, 'Chưa ban hành được')
  await look(page)
  await whole(page)
}

steps['no one issues a plan while a doubt is open, nor the secretary at all'] = async (t) => {
  const page = await desk(t, 'noivu')
  const refused = await page.goto(story.draft + '/issue')
  check(refused.status() === 403, `the secretary's page of issue answers ${refused.status()}`)
  const chair = await desk(t, 'chutich')
  await chair.goto(story.draft + '/issue')
  await fill(chair, { name: 'number' }, `1/KH-UBND-${year}`)
  await focus(chair, { name: 'sure' })
  await chair.keyboard.press('Space')
  await press(chair, { text: 'Ban hành và giao việc', selector: 'button' })
  await says(chair, 'chưa xử lý')
  await look(chair)
  await whole(chair)
}

steps['the secretary settles each doubt and mends what is not clear'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto(story.draft)
  const settled = []
  while (await page.locator('section.panel form[action^="/plan/doubts/"]').count() > 0) {
    check(settled.length < 20, `doubts do not end: ${settled.join('; ')}`)
    settled.push(await settle(page))
  }
  check(settled.length >= 4, `only ${settled.length} doubts were settled`)
  await look(page)
  // A task that loses its product is not clear any more, and its form mends it.
  await press(page, { text: 'hội nghị sơ kết', selector: 'a' })
  await look(page)
  await fill(page, { name: 'product' }, '')
  await press(page, { text: 'Lưu', selector: 'main button' })
  if (/\/edit$/.test(path(page))) await says(page, 'sản phẩm')
  else {
    await says(page, 'CC03 chưa rõ sản phẩm')
    await look(page)
    await press(page, { text: 'CC03 chưa rõ sản phẩm', selector: 'a' })
  }
  await fill(page, { name: 'product' }, 'Báo cáo sơ kết công tác sáu tháng')
  await press(page, { text: 'Lưu', selector: 'main button' })
  await says(page, 'Mọi nghi vấn đã xử lý')
  await press(page, { text: 'Trình ban hành', selector: 'button' })
  await whole(page)
}

steps['the chairman issues the plan and its board shows it'] = async (t) => {
  const page = await desk(t, 'chutich')
  await page.goto(story.draft)
  await look(page)
  await press(page, { text: 'Ban hành kế hoạch', selector: 'main a' })
  await look(page)
  await fill(page, { name: 'number' }, '301/KH-UBND')
  await fill(page, { name: 'signer' }, 'Chủ tịch UBND tỉnh')
  await focus(page, { name: 'sure' })
  await page.keyboard.press('Space')
  await press(page, { text: 'Ban hành và giao việc', selector: 'button' })
  story.board = path(page)
  await says(page, '301/KH-UBND')
  for (const code of ['CC01', 'CC02', 'CC06']) await says(page, code)
  await look(page)
  await whole(page)
}

steps['the agency finds its assignment in the inbox, takes it and reports with evidence'] = async (t) => {
  const page = await desk(t, 'soxd.truong')
  await page.goto('/inbox')
  await look(page)
  await press(page, { text: 'cấp giấy phép xây dựng', selector: 'main a' })
  story.assignment = path(page)
  await look(page)
  await press(page, { text: 'Nhận việc', selector: 'main a' })
  await look(page)
  await press(page, { text: 'Nhận việc', selector: 'main button' })
  await says(page, 'Đã nhận việc')
  await press(page, { text: 'Cập nhật tiến độ', selector: 'main a' })
  await look(page)
  await fill(page, { name: 'percent' }, '60')
  await fill(page, { name: 'text' }, 'Đã rà soát 12 thủ tục, đang lấy ý kiến.')
  await page.setInputFiles('input[type=file]', evidenceFile('minh-chung.pdf'))
  await fill(page, { name: 'file_title' }, 'Báo cáo rà soát thủ tục cấp phép')
  await press(page, { text: 'Lưu tiến độ', selector: 'button' })
  for (const words of ['Đã lưu tiến độ', '60', 'Đã rà soát 12 thủ tục', 'Báo cáo rà soát thủ tục cấp phép']) await says(page, words)
  await look(page)
  await whole(page)
}

steps['a form that went stale in another tab is refused with its sentence'] = async (t) => {
  const page = await desk(t, 'soxd.truong')
  const other = await page.context().newPage()
  other.faults = []
  await page.goto(story.assignment + '/progress')
  await other.goto(story.assignment + '/progress')
  await fill(other, { name: 'percent' }, '70')
  await fill(other, { name: 'text' }, 'Đã lấy ý kiến xong.')
  await press(other, { text: 'Lưu tiến độ', selector: 'button' })
  await other.close()
  await fill(page, { name: 'percent' }, '65')
  await fill(page, { name: 'text' }, 'Bản cũ.')
  await press(page, { text: 'Lưu tiến độ', selector: 'button' })
  await says(page, 'Người khác vừa thay đổi nội dung này')
  await look(page)
  await page.goto(story.assignment)
  check(!(await text(page)).includes('Bản cũ.'), 'the stale report was kept')
  await whole(page)
}

async function submit(t, number) {
  const page = await desk(t, 'soxd.truong')
  await page.goto(story.assignment)
  await press(page, { text: 'Nộp kết quả', selector: 'main a' })
  await look(page)
  await fill(page, { name: 'document' }, number)
  await press(page, { text: 'Nộp kết quả', selector: 'main button' })
  await says(page, 'Đã nộp kết quả')
  await whole(page)
}

steps['a result without evidence is refused, with it it is handed in'] = async (t) => {
  const page = await desk(t, 'soxd.truong')
  await page.goto(story.assignment + '/submit')
  await press(page, { text: 'Nộp kết quả', selector: 'main button' })
  check(path(page).endsWith('/submit') || (await text(page)).includes('Đã nộp'), `an empty form led to ${page.url()}`)
  if (path(page).endsWith('/submit')) {
    await says(page, 'minh chứng')
    await submit(t, '88/QĐ-SXD')
  }
}

steps['the secretary returns the result with a reason, and the agency hands in again'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/inbox')
  await look(page)
  await press(page, { text: 'cấp giấy phép xây dựng', selector: 'main a' })
  check(path(page) === story.assignment, `the inbox led to ${page.url()}`)
  await press(page, { text: 'Trả lại', selector: 'main a' })
  await look(page)
  await press(page, { text: 'Trả lại kết quả', selector: 'main button' })
  await says(page, 'Chưa nêu lý do')
  await fill(page, { name: 'reason' }, 'Quyết định chưa có phụ lục thủ tục.')
  await press(page, { text: 'Trả lại kết quả', selector: 'main button' })
  await says(page, 'Đã trả lại kết quả')
  const agency = await desk(t, 'soxd.truong')
  await agency.goto(story.assignment)
  await says(agency, 'Quyết định chưa có phụ lục thủ tục.')
  await submit(t, '91/QĐ-SXD')
  await whole(page)
}

steps['the secretary approves and the figure on the board changes by exactly one'] = async (t) => {
  const page = await desk(t, 'noivu')
  const before = await figure(page, 'done')
  await page.goto(story.assignment)
  await press(page, { text: 'Xác nhận hoàn thành', selector: 'main a' })
  await look(page)
  await press(page, { text: 'Xác nhận hoàn thành', selector: 'main button' })
  await says(page, 'Đã xác nhận hoàn thành')
  await look(page)
  const after = await figure(page, 'done')
  check(after === before + 1, `the figure went from ${before} to ${after}`)
  await press(page, { selector: 'a.stat[href*="/figures/done"]' })
  await says(page, 'CC02')
  await look(page)
  await whole(page)
}

steps['nobody approves own work: the province office approves what Sở Nội vụ leads'] = async (t) => {
  const page = await desk(t, 'noivu')
  await page.goto('/inbox')
  await press(page, { text: 'hội nghị sơ kết', selector: 'main a' })
  const own = path(page)
  await press(page, { text: 'Nhận việc', selector: 'main a' })
  await press(page, { text: 'Nhận việc', selector: 'main button' })
  await press(page, { text: 'Nộp kết quả', selector: 'main a' })
  await fill(page, { name: 'document' }, '12/BC-SNV')
  await press(page, { text: 'Nộp kết quả', selector: 'main button' })
  const before = await figure(page, 'done')
  await page.goto(own)
  await says(page, 'Không ai được xác nhận hoặc quyết định việc của cơ quan mình')
  await look(page)
  const version = await page.evaluate(async url => {
    const r = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'version=3' })
    return { status: r.status, text: await r.text() }
  }, own + '/approve')
  check(version.status >= 400, `the own approval answers ${version.status}`)
  check(await figure(page, 'done') === before, 'the own approval counted')
  const office = await desk(t, 'vpubnd')
  await office.goto('/inbox')
  await look(office)
  await press(office, { text: 'hội nghị sơ kết', selector: 'main a' })
  await press(office, { text: 'Xác nhận hoàn thành', selector: 'main a' })
  await press(office, { text: 'Xác nhận hoàn thành', selector: 'main button' })
  await says(office, 'Đã xác nhận hoàn thành')
  check(await figure(page, 'done') === before + 1, 'the approval of the province office did not count once')
  await whole(page)
  await whole(office)
}

steps['the assignment of another agency is not found by its address'] = async (t) => {
  const page = await desk(t, 'tuyphuoc')
  for (const url of [story.assignment, story.assignment + '/progress', story.draft]) {
    const r = await page.goto(url)
    check([403, 404].includes(r.status()), `${url} answers ${r.status()}`)
  }
  const r = await page.goto(story.assignment)
  check(r.status() === 404, `another agency's assignment answers ${r.status()}`)
  await look(page)
  await whole(page)
}

steps['the chairman opens a figure to its records, one assignment, its history, its evidence and its proof'] = async (t) => {
  const page = await desk(t, 'chutich')
  await page.goto('/cockpit')
  await says(page, '2026')
  await look(page)
  const tile = page.locator('.stat[href*="plan.overdue_open"]')
  const shown = (await tile.locator('b').innerText()).trim()
  await press(page, { selector: 'a.stat[href*="plan.overdue_open"]' })
  await look(page)
  const rows = await page.locator('main table tbody tr').count()
  check(String(rows) === shown, `the figure says ${shown}, ${rows} records open`)
  await press(page, { selector: 'main table a' })
  check(/\/plan\/assignments\//.test(page.url()), `a record led to ${page.url()}`)
  await look(page)
  await says(page, 'Nhật ký')
  // Evidence opens: the assignment that was approved above has one document.
  await page.goto(story.assignment)
  const proofs = page.locator('a[href^="/plan/evidence/"]')
  check(await proofs.count() > 0, 'the approved assignment shows no evidence')
  const file = await page.context().request.get(await proofs.first().getAttribute('href'))
  check(file.ok() && (await file.body()).subarray(0, 5).toString() === '%PDF-', 'the evidence does not open')
  await whole(page)
}

steps['the proof of a log entry, downloaded, is found right, and wrong once it is touched'] = async (t) => {
  const page = await desk(t, 'chutich')
  await page.goto('/figures/plan.overdue_open')
  await press(page, { selector: 'main table a' })
  await press(page, { selector: 'a[href*="/proof/"]' })
  // An entry gets its place in the log a moment after the act: until then the page says so.
  for (let i = 0; i < 50 && await page.locator('a[href$="/file"]').count() === 0; i++) {
    await page.waitForTimeout(200)
    await page.reload()
  }
  await look(page)
  const [download] = await Promise.all([page.waitForEvent('download'), focus(page, { selector: 'a[href$="/file"]' }).then(() => page.keyboard.press('Enter'))])
  const proof = readFileSync(await download.path(), 'utf8')
  const auditor = await desk(t, 'kiemtoan')
  await auditor.goto('/admin/checkpoints')
  await look(auditor)
  await fill(auditor, { name: 'proof' }, proof)
  await press(auditor, { text: 'Kiểm tra', selector: 'main button' })
  await says(auditor, 'Tệp đúng')
  await look(auditor)
  await auditor.goto('/admin/checkpoints')
  const touched = proof.replace(/("at_ms": \d*)(\d)/, (_, head, d) => head + (Number(d) + 1) % 10)
  check(touched !== proof, 'the proof tells no moment')
  await fill(auditor, { name: 'proof' }, touched)
  await press(auditor, { text: 'Kiểm tra', selector: 'main button' })
  check(!(await text(auditor)).includes('Tệp đúng'), 'a touched proof was found right')
  await look(auditor)
  await whole(page)
  await whole(auditor)
}

steps['without script the plan is imported and its first doubt settled all the same'] = async ({ browser, base }) => {
  const page = await open(browser, base, { script: false })
  await page.goto('/sign-in')
  await press(page, { selector: 'form[action="/demo/sign-in"]:has(input[value="noivu"]) button' })
  await upload(page, planFile('ke-hoach-2028.csv', year + 1), year + 1)
  await says(page, 'Có hai cơ quan chủ trì')
  await press(page, { text: 'Lưu thành dự thảo', selector: 'button' })
  const before = await page.locator('form[action^="/plan/doubts/"]').count()
  await settle(page)
  check(await page.locator('form[action^="/plan/doubts/"]').count() === before - 1, 'the doubt was not settled')
  await page.context().close()
}
