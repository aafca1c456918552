// The Node SDK as a program: one command a line, as README.md of the folder above says.
'use strict'

const readline = require('node:readline')
const { Camunda8 } = require('@camunda8/sdk')

const LEASE = 60000

const zeebe = new Camunda8({
  ZEEBE_GRPC_ADDRESS: `grpc://${process.argv[2]}`,
  CAMUNDA_AUTH_STRATEGY: 'NONE',
  // Refused is refused: the test wants to hear it at once.
  ZEEBE_GRPC_CLIENT_RETRY: false,
  CAMUNDA_LOG_LEVEL: 'none',
  ZEEBE_CLIENT_LOG_LEVEL: 'NONE',
}).getZeebeGrpcApiClient()

let worker, seen

const told = (job) => ({
  key: job.key,
  type: job.type,
  retries: job.retries,
  headers: job.customHeaders,
  variables: job.variables,
  tenant: job.tenantId,
  process: job.bpmnProcessId,
  instance: job.processInstanceKey,
  element: job.elementInstanceKey,
})

async function handle(job) {
  let answer
  if (job.variables.behave === 'fail' && job.retries === 3) {
    answer = await job.fail({ errorMessage: 'failed by the test', retries: job.retries - 1 })
  } else if (job.variables.behave === 'throw') {
    answer = await job.error({ errorCode: 'caught', errorMessage: 'thrown by the test' })
  } else {
    answer = await job.complete({ answer: job.variables.number + 1 })
  }
  seen.push(told(job))
  return answer
}

const commands = {
  async topology() {
    const found = await zeebe.topology()
    return { version: found.gatewayVersion, partitions: found.partitionsCount, brokers: found.brokers.length }
  },
  async deploy({ file }) {
    const found = await zeebe.deployResource({ processFilename: file })
    return { processes: found.deployments.map((each) => each.process.bpmnProcessId) }
  },
  async create({ process, variables }) {
    const found = await zeebe.createProcessInstance({ bpmnProcessId: process, variables })
    return { instance: found.processInstanceKey, process: found.bpmnProcessId, version: found.version }
  },
  async result({ process, variables }) {
    const found = await zeebe.createProcessInstanceWithResult({ bpmnProcessId: process, variables, requestTimeout: 20000 })
    return { variables: found.variables }
  },
  async publish({ name, key, variables }) {
    await zeebe.publishMessage({ name, correlationKey: key, variables, timeToLive: 60000 })
  },
  async signal({ name }) {
    await zeebe.broadcastSignal({ signalName: name, variables: {} })
  },
  async cancel({ instance }) {
    await zeebe.cancelProcessInstance(instance)
  },
  async activate({ type, timeout, wait }) {
    const jobs = await zeebe.activateJobs({ type, timeout, requestTimeout: wait, maxJobsToActivate: 1, worker: 'node' })
    return { jobs: jobs.map(told) }
  },
  async complete({ job, variables }) {
    await zeebe.completeJob({ jobKey: job, variables })
  },
  async fail({ job, retries, message, backOff }) {
    await zeebe.failJob({ jobKey: job, retries, errorMessage: message, retryBackOff: backOff })
  },
  async throw({ job, code }) {
    await zeebe.throwError({ jobKey: job, errorCode: code, errorMessage: 'thrown by the test' })
  },
  async extend({ job, timeout }) {
    await zeebe.updateJobTimeout({ jobKey: job, timeout })
  },
  async retries({ job, retries }) {
    await zeebe.updateJobRetries({ jobKey: job, retries })
  },
  async resolve({ incident }) {
    await zeebe.resolveIncident({ incidentKey: incident })
  },
  async set({ element, variables }) {
    await zeebe.setVariables({ elementInstanceKey: element, variables, local: true })
  },
  async open({ type, stream }) {
    seen = []
    if (stream) {
      worker = await zeebe.streamJobs({ type, worker: 'node', timeout: LEASE, taskHandler: handle, pollInterval: 500 })
    } else {
      worker = zeebe.createWorker({ taskType: type, timeout: LEASE, taskHandler: handle, longPoll: 1000, pollInterval: 100 })
    }
  },
  async close({ jobs }) {
    for (const end = Date.now() + 30000; seen.length < jobs && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await worker.close(1000)
    return { jobs: seen }
  },
}

const status = Object.entries(require('@grpc/grpc-js').status).filter(([name]) => isNaN(name))
const nameOf = (code) => (status.find(([, number]) => number === code) ?? ['NONE'])[0]

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line)
    let answer
    try {
      answer = commands[asked.do] ? ((await commands[asked.do](asked)) ?? {}) : { missing: true }
    } catch (problem) {
      answer = { error: { code: nameOf(problem.code), kind: problem.constructor.name, message: problem.details ?? `${problem}` } }
    }
    process.stdout.write(`answer: ${JSON.stringify(answer)}\n`)
  }
  process.exit(0)
}

main()
