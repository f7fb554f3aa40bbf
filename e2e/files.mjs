// Files that the journeys upload, made here so that each byte is known: a plan, a piece
// of evidence, and two workbooks that must be refused.
import { deflateRawSync } from 'node:zlib'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { out } from './lib.mjs'

const quote = s => `"${String(s).replaceAll('"', '""')}"`

// planFile writes a plan of six tasks. Four of them leave something open: CC03 has no
// product, CC04 names an unknown agency, CC05 two leads, CC06 a deadline that is no day.
export function planFile(name, year) {
  const rows = [
    ['Mã nhiệm vụ', 'Số lĩnh vực', 'Lĩnh vực', 'Nhiệm vụ', 'Sản phẩm', 'Cơ quan chủ trì', 'Cơ quan phối hợp', 'Thời hạn', 'Cách giao'],
    ['CC01', 1, 'Chỉ đạo, điều hành', `Ban hành kế hoạch cải cách hành chính năm ${year} của từng sở`, 'Kế hoạch của từng sở', 'Các sở, ban, ngành', 'Sở Nội vụ', `Tháng 01/${year}`, 'per_agency'],
    ['CC02', 3, 'Cải cách thủ tục hành chính', 'Cắt giảm thời gian giải quyết thủ tục cấp giấy phép xây dựng', 'Quyết định công bố thủ tục', 'Sở Xây dựng', 'Văn phòng UBND tỉnh', `Quý II/${year}`, 'single'],
    ['CC03', 1, 'Chỉ đạo, điều hành', 'Tổ chức hội nghị sơ kết công tác cải cách hành chính sáu tháng', '', 'Sở Nội vụ', '', `30/7/${year}`, 'single'],
    ['CC04', 3, 'Cải cách thủ tục hành chính', 'Rà soát thủ tục về quy hoạch', 'Báo cáo rà soát', 'Sở Quy hoạch và Kiến trúc', '', `Quý IV/${year}`, 'single'],
    ['CC05', 5, 'Cải cách chế độ công vụ', 'Bồi dưỡng kỹ năng số cho công chức một cửa', 'Báo cáo kết quả bồi dưỡng', 'Sở Tài chính; Sở Khoa học và Công nghệ', '', `Tháng 10/${year}`, 'single'],
    ['CC06', 2, 'Cải cách thể chế', 'Rà soát văn bản quy phạm pháp luật theo chuyên đề', 'Báo cáo rà soát', 'Sở Tư pháp', '', 'Theo lộ trình tại văn bản 12', 'single'],
  ]
  const path = join(out, name)
  writeFileSync(path, '\ufeff' + rows.map(r => r.map(quote).join(',')).join('\r\n') + '\r\n')
  return path
}

// evidenceFile writes a small PDF whose table of places is right.
export function evidenceFile(name) {
  const parts = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>']
  let text = '%PDF-1.4\n'
  const at = parts.map((p, i) => { const n = text.length; text += `${i + 1} 0 obj${p}endobj\n`; return n })
  const xref = text.length
  text += `xref\n0 4\n0000000000 65535 f \n${at.map(n => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`
  const path = join(out, name)
  writeFileSync(path, text, 'latin1')
  return path
}

const types = main => `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.${main}.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
const rels = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
const bookRels = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
const book = '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
const sheet = rows => `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`

// macroFile writes a workbook that carries a macro.
export function macroFile(name) {
  return writeZip(name, { '[Content_Types].xml': types('ms-excel.sheet.macroEnabled'), '_rels/.rels': rels, 'xl/workbook.xml': book, 'xl/_rels/workbook.xml.rels': bookRels,
    'xl/worksheets/sheet1.xml': sheet(''), 'xl/vbaProject.bin': 'macro' })
}

// bombFile writes a workbook of some 60 kB that unpacks to 60 MB.
export function bombFile(name) {
  return writeZip(name, { '[Content_Types].xml': types('openxmlformats-officedocument.spreadsheetml.sheet'), '_rels/.rels': rels, 'xl/workbook.xml': book, 'xl/_rels/workbook.xml.rels': bookRels,
    'xl/worksheets/sheet1.xml': sheet(' '.repeat(60 << 20)) })
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0 })
function crc32(bytes) {
  let c = ~0
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]) & 255] ^ (c >>> 8)
  return ~c >>> 0
}

function writeZip(name, files) {
  const local = [], central = []
  let at = 0
  for (const [file, text] of Object.entries(files)) {
    const plain = Buffer.from(text), packed = deflateRawSync(plain), title = Buffer.from(file)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0); head.writeUInt16LE(8, 4); head.writeUInt32LE(crc32(plain), 10)
    head.writeUInt32LE(packed.length, 14); head.writeUInt32LE(plain.length, 18); head.writeUInt16LE(title.length, 22)
    local.push(Buffer.from('PK\x03\x04', 'latin1'), head, title, packed)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, rest, title)
    at += 4 + head.length + title.length + packed.length
  }
  const index = Buffer.concat(central), end = Buffer.alloc(22), n = Object.keys(files).length
  end.write('PK\x05\x06', 'latin1'); end.writeUInt16LE(n, 8); end.writeUInt16LE(n, 10); end.writeUInt32LE(index.length, 12); end.writeUInt32LE(at, 16)
  const path = join(out, name)
  writeFileSync(path, Buffer.concat([...local, index, end]))
  return path
}
