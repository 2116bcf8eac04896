import assert from 'node:assert/strict'
import { test } from 'node:test'
import { updateFrom } from './updates.ts'

const from = { id: 7, is_bot: false }
const chat = { id: -100, type: 'supergroup', username: 'house' }
const message = { message_id: 5, date: 1_000, from, chat, text: '/status' }

test('a message is read with all that may hold an address', () => {
  const entities = [{ type: 'text_link', url: 'http://a/' }, { type: 'bold' }]
  assert.deepEqual(updateFrom({ update_id: 1, message: { ...message, entities, quote: { text: 'q' } } }), {
    kind: 'message',
    id: 1,
    place: { chat: '-100' },
    chatName: '@house',
    isPrivate: false,
    sender: '7',
    messageId: 5,
    atMs: 1_000_000,
    text: '/status',
    whole: '/status\nhttp://a/\nq',
    isForwarded: false,
  })
  const captioned = { ...message, text: undefined, caption: 'x', caption_entities: [{ url: 'http://b/' }] }
  const read = updateFrom({ update_id: 1, message: captioned })
  assert.equal(read?.kind === 'message' && read.whole, 'x\nhttp://b/')
})

test('a thread is a topic only where Telegram says so', () => {
  const inThread = { ...message, message_thread_id: 9 }
  const place = (given: object) => {
    const read = updateFrom({ update_id: 1, message: given })
    return read?.kind === 'message' ? read.place : undefined
  }
  assert.deepEqual(place(inThread), { chat: '-100' })
  assert.deepEqual(place({ ...inThread, is_topic_message: true }), { chat: '-100', topic: '9' })
})

test('what is no message of a person and no tap is counted and not obeyed', () => {
  const others: readonly object[] = [
    {},
    { edited_message: message },
    { channel_post: message },
    { message: { ...message, from: { id: 8, is_bot: true } } },
    { message: { ...message, from: undefined } },
    { message: { ...message, chat: undefined } },
    { message: { ...message, chat: { id: '42' } } },
    { message: { ...message, text: undefined } },
    { message: { ...message, text: 7 } },
    { message: { ...message, date: '1' } },
    { message: { ...message, entities: 5 } },
    { message: null },
    { message: 'x' },
    { callback_query: { id: 'a', data: 'b', from } },
    { callback_query: { id: 'a', from, message } },
    { callback_query: { id: 1, data: 'b', from, message } },
  ]
  for (const other of others)
    assert.deepEqual(updateFrom({ update_id: 3, ...other }), { kind: 'other', id: 3 }, JSON.stringify(other))
  for (const given of [null, undefined, 'x', 5, {}, { update_id: '3' }, { update_id: 1.5 }])
    assert.equal(updateFrom(given), undefined)
})
