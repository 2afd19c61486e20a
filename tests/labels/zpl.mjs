// Draws labels with a foreign ZPL renderer. Standard input: one JSON line a label {zpl, width_mm, height_mm, dots_mm}; standard
// output: one JSON line each, the PNGs of all labels that the renderer sees, in base64.
import { webcrypto } from 'node:crypto'
import { createInterface } from 'node:readline'

// Node 18 has it, but not by this name; the renderer asks for it.
globalThis.crypto ??= webcrypto
const { ready } = await import('zpl-renderer-js')
const { api } = await ready

for await (const line of createInterface({ input: process.stdin })) {
  const { zpl, width_mm: width, height_mm: height, dots_mm: dots } = JSON.parse(line)
  console.log(JSON.stringify(await api.zplToBase64MultipleAsync(zpl, width, height, dots)))
}
// The renderer's own loop would go on for ever; what was written must leave first.
process.stdout.write('', () => process.exit(0))
