// Reads the BPMN documents that the program writes with bpmn-moddle, the reader behind
// the common modellers: the kept example, and every step table of a running demonstration.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BpmnModdle } from 'bpmn-moddle'
import { build, check, root, serveDemo } from './lib.mjs'

// ours describes the element that we add to a task.
const ours = {
  name: 'cchc', uri: 'urn:cchc:process:1', prefix: 'cchc', xml: { tagAlias: 'lowerCase' },
  types: [{ name: 'Step', superClass: ['Element'], properties: ['group', 'result', 'parallel'].map(name => ({ name, isAttr: true, type: 'String' }))
    .concat(['stage', 'minutes', 'onlineMinutes'].map(name => ({ name, isAttr: true, type: 'Integer' })), ['known', 'back'].map(name => ({ name, isAttr: true, type: 'Boolean' }))) }],
}

async function read(name, xml) {
  const { rootElement, warnings } = await new BpmnModdle({ cchc: ours }).fromXML(xml)
  check(warnings.length === 0, `${name}: bpmn-moddle warns: ${warnings.map(w => w.message).join('; ')}`)
  const [process] = rootElement.rootElements
  const tasks = process.flowElements.filter(e => e.$type === 'bpmn:UserTask')
  const lanes = process.laneSets[0].lanes
  const shapes = new Set(rootElement.diagrams[0].plane.planeElement.map(e => e.bpmnElement?.id))
  for (const t of tasks) {
    check(t.incoming?.length && t.outgoing?.length, `${name}: ${t.id} is not connected`)
    check(t.extensionElements?.values[0]?.$type === 'cchc:Step', `${name}: ${t.id} lost its minutes`)
    check(lanes.filter(l => l.flowNodeRef.includes(t)).length === 1, `${name}: ${t.id} is not in one lane`)
    check(shapes.has(t.id), `${name}: ${t.id} is not drawn`)
  }
  return { tasks, gateways: process.flowElements.filter(e => e.$type === 'bpmn:ParallelGateway') }
}

const example = await read('example.bpmn', readFileSync(join(root, 'internal', 'process', 'testdata', 'example.bpmn'), 'utf8'))
check(example.tasks.length === 5 && example.gateways.length === 2, 'the example lost steps')
check(example.tasks[3].extensionElements.values[0].back === true && example.tasks[0].extensionElements.values[0].onlineMinutes === 60, 'the example lost what is ours')

const server = await serveDemo(build())
let tables = 0
try {
  const { items } = await (await fetch(`${server.base}/api/v1/procedures`)).json()
  for (const p of items) {
    const res = await fetch(`${server.base}/procedures/${p.key}/steps.bpmn`)
    if (res.status === 404) continue // a group or feedback has no table of steps
    await read(p.key, await res.text())
    tables++
  }
} finally {
  await server.stop()
}
check(tables >= 8, `only ${tables} step tables were read`)
console.log(`bpmn-moddle read the example and ${tables} step tables of the demonstration`)
