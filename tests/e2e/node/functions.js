// What the cases of node_functions.py call. Handlers of Lambda as one writes them.
const fs = require('fs')

const pause = (ms) => new Promise((done) => setTimeout(done, ms))

exports.answers = async (event) => ({ seen: event, words: 'h\u00e9 \u{1f600}', list: [1, 2.5, null, true] })

exports.waits = async (event) => {
  const from = Date.now()
  await pause(event.ms)
  return { number: event.number, from, until: Date.now() }
}

exports.throws = async (event) => {
  throw new RangeError(`no stock of ${event.article}`)
}

exports.late = async () => {
  await pause(5000)
  return 'too late'
}

exports.context = async (event, context) => ({
  given: context.clientContext, name: context.functionName, request: typeof context.awsRequestId,
})

exports.noted = async (event) => {
  fs.appendFileSync(process.env.NOTES, `${event.number}\n`)
}
