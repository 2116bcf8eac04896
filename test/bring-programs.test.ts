import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../scripts/bring-programs.mjs', import.meta.url))
const all = ['chromium', 'zsh', 'fish', 'go', 'python3', 'curl', 'jq', 'systemd-analyze']
const places: string[] = []
after(() => {
  for (const place of places) rmSync(place, { recursive: true })
})

/** A computer on whose path are these programs and nothing else, and what was asked of its apt-get. */
function computer(programs: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-programs-'))
  places.push(folder)
  const log = join(folder, 'apt.log')
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  for (const name of programs) write(name, 'exit 0')
  return {
    folder,
    /** @param brings the programs that its packages bring */
    addApt(brings: readonly string[]) {
      const made = brings.map((name) => `: > '${join(folder, name)}'`)
      write('apt-get', [`echo "$@" >> '${log}'`, ...made].join('\n'))
      write('sudo', 'exec "$@"')
      write('true', '')
    },
    asked: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    bring() {
      const code = `const { bringPrograms } = await import(${JSON.stringify(script)}); process.stdout.write(bringPrograms())`
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        env: { PATH: folder },
        encoding: 'utf8',
      })
      return { status, stdout, stderr }
    },
  }
}

test('what the tests start is installed where it is missing, in one go, and nothing else is', () => {
  const one = computer(all.filter((name) => name !== 'fish' && name !== 'go'))
  one.addApt(['fish', 'go'])
  assert.deepEqual(one.bring(), {
    status: 0,
    stdout: join(one.folder, 'chromium'),
    stderr: 'bhor: installing from the system’s packages (once): fish, golang-go …\n',
  })
  const install = 'install -y --no-install-recommends fish golang-go -qq'
  assert.deepEqual(one.asked(), ['update -qq', install])
  assert.deepEqual([one.bring().stderr, one.asked().length], ['', 2])
})

test('what cannot be installed is named', () => {
  const bare = computer(['zsh', 'python3', 'curl', 'jq', 'systemd-analyze'])
  assert.deepEqual(bare.bring(), {
    status: 1,
    stdout: '',
    stderr:
      'bhor: for the tests is missing: Chromium or Chrome, fish, go. A browser can be named in CHROMIUM.\n',
  })
  bare.addApt(['chromium', 'go'])
  const { status, stderr } = bare.bring()
  assert.equal(status, 1)
  assert.match(stderr, /^bhor: installed, and not found all the same: fish\.$/m)
})
