// Makes the pictures of docs/vi from a demonstration of its own: node e2e/screenshots.mjs
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, check, launch, open, root, serveDemo } from './lib.mjs'
import { planFile } from './files.mjs'
import { signIn } from './journeys/accessibility.mjs'

const dir = join(root, 'docs', 'vi', 'img')
mkdirSync(dir, { recursive: true })
const server = await serveDemo(build())
const browser = await launch()
let page

async function as(login) {
  if (page) await page.context().close()
  page = await open(browser, server.base)
  await signIn(page, server.base, login)
}

async function shot(name, url, at) {
  if (url) await page.goto(url)
  if (at) await page.locator(at).first().evaluate(e => window.scrollTo(0, e.getBoundingClientRect().top + window.scrollY - 90))
  const path = join(dir, name + '.png')
  await page.screenshot({ path })
  const size = statSync(path).size
  console.log(`${name}.png ${Math.round(size / 1000)} kB`)
  check(size < 250_000, `${name}.png is too large for a repository`)
}

const go = act => Promise.all([page.waitForEvent('load'), act])
const button = words => go(page.locator('main button', { hasText: words }).first().click())
const link = words => go(page.locator('main a', { hasText: words }).first().click())

try {
  await as('noivu')
  await shot('plan-board', '/plan')
  await page.goto('/plan/import')
  await page.setInputFiles('input[type=file]', planFile('ke-hoach-anh.csv', 2027))
  await page.locator('select[name=office]').selectOption(await page.locator('select[name=office] option', { hasText: 'Văn phòng' }).first().getAttribute('value'))
  await button('Đọc tệp')
  await shot('plan-import')
  await button('Lưu thành dự thảo')
  const draft = page.url()
  await shot('plan-draft', '', '#doubts')

  await page.goto('/inbox')
  for (const n of [0, 1, 2]) await page.locator('main input[name=id]').nth(n).check()
  await button('Xử lý các việc đã chọn')
  await shot('bulk')
  await page.goto('/urge/letters')
  await go(page.locator('main table a[href^="/urge/letters/"]').first().click())
  await shot('letter')

  await as('soxd.truong')
  await shot('agency', '/plan/mine')
  await shot('inbox', '/inbox')
  const mine = await page.locator('main a[href^="/plan/assignments/"]').evaluateAll(list => [...new Set(list.map(a => a.getAttribute('href')))])
  for (const url of mine) { // one that is reported in percent and not by periods
    await page.goto(url + '/progress')
    const plain = await page.locator('[name=percent]').count()
    await page.goto(url)
    if (plain && !await page.locator('#periods').count()) break
  }
  if (await page.locator('main a[href$="/acknowledge"]').count()) {
    await link('Nhận việc')
    await button('Nhận việc')
  }
  const assignment = page.url()
  await shot('assignment')
  await page.goto(assignment + '/progress')
  if (await page.locator('[name=percent]').count()) await page.fill('[name=percent]', '80')
  await page.fill('[name=text]', 'Đã lấy ý kiến các cơ quan, đang hoàn thiện hồ sơ trình.')
  await shot('progress')
  await page.goto(assignment + '/submit')
  await page.fill('[name=document]', '88/QĐ-SXD')
  await shot('submit')
  await button('Nộp kết quả')
  check((await page.locator('main').innerText()).includes('Đã nộp kết quả'), 'the result was not handed in')

  await as('noivu')
  await shot('approve', assignment)

  await as('chutich')
  await shot('chairman-inbox', '/inbox')
  await page.goto('/urge/cards')
  await go(page.locator('main table a[href^="/urge/cards/"]').first().click())
  await shot('card')
  await shot('cockpit', '/cockpit')
  await shot('figure', '/figures/plan.overdue_open?face=cockpit')
  await go(page.locator('main table a').first().click())
  const late = page.url()
  await shot('urge', late + '/urge')
  await page.goto(late)
  const proof = await page.locator('main a[href*="/proof/"]').last().getAttribute('href')
  for (let n = 0; n < 20; n++) { // a log entry is sealed some time after it was written
    await page.goto(proof)
    if (await page.locator('.proof pre').count()) break
    await page.waitForTimeout(15_000)
  }
  check(await page.locator('.proof pre').count(), 'the entry was not sealed in five minutes')
  await shot('proof')

  await as('admin')
  await shot('accounts', '/admin/accounts')
  await shot('log', '/admin/log')
  await shot('calendar', '/calendar')
} finally {
  await browser.close()
  await server.stop()
}
