import type { MirrorContent } from '../../src/contracts/mirrors.ts'
import { systemRandom } from '../../src/core/random.ts'
import { mirrorFiles } from '../../src/mirrors/files.ts'

/** Writes one token after the other into a file: a process of its own. Arguments: the file, the letter, how often, in place or not. */
const [path = '', letter = '', times = '', place = ''] = process.argv.slice(2)
const files = mirrorFiles({ home: '/nowhere', random: systemRandom, timeZone: 'UTC' })
const content = {
  broker: 'kite',
  apiKey: 'thekey',
  refreshToken: '',
  rateLimit: {},
  variables: { accessToken: ['X'] },
} as unknown as MirrorContent
const mirror = { path, format: 'broker-config', template: '', isInPlace: place === 'in-place' } as const
for (let round = 1; round <= Number(times); round++) {
  // Of another length each time.
  const accessToken = `${letter}${round}-${letter.repeat(round % 40)}`
  // Where the other one is faster all the time, it is tried again, as the keeper does.
  for (let isWritten = false; !isWritten; )
    isWritten = await files
      .write(mirror, { ...content, accessToken }, () => true)
      .then(
        () => true,
        (error: { code?: unknown }) => {
          if (error.code === 'mirror_unwritable') return false
          throw error
        },
      )
}
