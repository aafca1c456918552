"""One process instance: what happens at each of its steps. The tokens say which step is next, the scopes hold the variables; jobs, messages and
timers are the executor's. What cannot go on is an incident, and is tried again when that is resolved.
"""

import activities
import feel
import jobs
import loops
import mappings
import steps
import tokens
import values
import waiting
from activation import Activation
from scopes import Scope


class Instance:
    def __init__(self, executor, definition, key, variables):
        self.executor = executor
        self.definition = definition
        self.key = key
        self.ended = None  # "completed" or "terminated"
        self.on_end = []
        self.callers = {}  # calls that wait for the end
        self.changed = False
        self.jobs = {}  # key: activation
        self._steps = {}  # id of the task that entered something: its activation
        self._caught = {}  # id of a boundary event: what each time brought, the oldest first
        self.root = Activation(key, None, None, None, Scope(key, None, self._variable))
        self.tokens = tokens.Tokens(definition.plan)
        self.record_element(self.root, "ELEMENT_ACTIVATED")
        for name, value in variables.items():
            self.root.scope.put(name, value)

    # --- what goes out ----------------------------------------------------------------------------------------------------------

    def record(self, kind, intent, key, value, at=None):
        self.executor.exporter.record(kind, intent, key, {"processInstanceKey": self.key, "bpmnProcessId": self.definition.process.id,
                                                          "processDefinitionKey": self.definition.key, **value}, at)

    def record_element(self, activation, intent):
        element = activation.element
        kind = "PROCESS" if element is None else "MULTI_INSTANCE_BODY" if activation.items is not None else element.kind
        above = activation.above.key if activation.above is not None else -1
        self.record("PROCESS_INSTANCE", intent, activation.key,
                    {"elementId": element.id if element else self.definition.process.id, "bpmnElementType": kind, "flowScopeKey": above})

    def _variable(self, scope, name, value, is_new):
        self.changed = True
        self.record("VARIABLE", "CREATED" if is_new else "UPDATED", self.executor.next_key(),
                    {"name": name, "value": values.text(value), "scopeKey": scope.key})

    # --- the walk ---------------------------------------------------------------------------------------------------------------

    def advance(self):
        """Goes on until everything waits or the instance has ended."""
        while self.ended is None:
            new = self.tokens.advance(self._passed)
            if not new:
                break
            for task in new:
                if self.ended is None and self.tokens.there(task):
                    self._begin(task)
        if self.ended is None and self.tokens.ended:
            self._end("completed", "ELEMENT_COMPLETED")
        if self.changed:
            self.changed = False
            for key, activation in self.jobs.items():
                jobs.tell_variables(self, key, activation)

    def _end(self, how, intent):
        self.ended = how
        self.record_element(self.root, intent)
        for told in self.on_end:
            told(self)

    def _around(self, task):
        step, number = self.tokens.around(task)
        return (self._steps[step.id] if step is not None else self.root), number

    def _activate(self, element, task, above):
        key = self.executor.next_key()
        return Activation(key, element, task, above, Scope(key, above.scope, self._variable))

    def _passed(self, element, task):
        activation = self._activate(element, task, self._around(task)[0])
        self.record_element(activation, "ELEMENT_ACTIVATED")
        self._close(activation)

    def _begin(self, task):
        element, role = self.definition.plan.roles[task.task_spec.name]
        if role in ("leave", "each left", "loop left"):
            activation = self._steps[self.tokens.entered(task, steps.before(task.task_spec.name)).id]
            activation.task = task
            self.attempt(activation, self._loop_left if role == "loop left" else self.complete)
            return
        above, number = self._around(task)
        activation = self._activate(element, task, above)
        if role == "loop":
            activation.items = []
        self.record_element(activation, "ELEMENT_ACTIVATED")
        if role == "caught":
            self._happened(activation, self._caught[element.id].pop(0))
        elif role == "loop":
            self.attempt(activation, self._loop)
        else:
            if role == "each":
                loops.of_a_loop(activation, number)
            self.attempt(activation, self._enter)

    def _enter(self, activation):
        element = activation.element
        mappings.inputs(self.executor.feel, element, activation.scope)
        if not element.loop:
            waiting.watch_boundary(self, activation)
        if element.kind == "subProcess":
            self._inside(activation)
        else:
            activities.work(self, activation)

    def _inside(self, activation, number=None):
        """What is entered runs now; its steps find the activation by the task."""
        self._steps[activation.task.id] = activation
        self.tokens.finish(activation.task, number=number)

    def _loop(self, activation):
        found = mappings.value(self.executor.feel, activation.element.loop["inputCollection"], activation.above.scope.visible())
        if not isinstance(found, list):
            raise feel.Failed(f"'{activation.element.loop['inputCollection']}' gives no list to run over")
        activation.items, activation.results = found, [None] * len(found)
        waiting.watch_boundary(self, activation)
        self._inside(activation, len(found))

    def _loop_left(self, activation):
        collection = activation.element.loop.get("outputCollection")
        if collection:
            activation.above.scope.merge(collection, activation.results)
        self._close(activation)
        self.tokens.finish(activation.task)

    def _happened(self, activation, brought):
        """A boundary event: a message's variables go on as a task's do, an error's stay unless they are mapped."""
        if activation.element.event == "message":
            self.done(activation, brought)
            return
        for name, value in brought.items():
            activation.scope.put(name, value)
        self.attempt(activation, self.complete)

    # --- ends of elements -------------------------------------------------------------------------------------------------------

    def done(self, activation, variables):
        """What the element waited for has come, with these variables."""
        for name, value in variables.items():
            if activation.element.outputs:
                activation.scope.put(name, value)
            else:
                activation.scope.merge(name, value)
        self.attempt(activation, self.complete)

    def complete(self, activation, flows=None):
        mappings.outputs(self.executor.feel, activation.element, activation.scope, activation.above.scope)
        if activation.above.items is not None and activation.element is activation.above.element:
            loops.result_of_a_run(self, activation)
        self._close(activation)
        if activation.element.event == "terminate":
            self.terminate(activation.above, itself=False)
            self.tokens.terminate(activation.task)
        self.tokens.finish(activation.task, flows)

    def _close(self, activation):
        self._forget(activation)
        self.record_element(activation, "ELEMENT_COMPLETED")

    def _forget(self, activation):
        activation.alive = False
        for take_back in activation.waits:
            take_back()
        activation.waits.clear()
        self.jobs.pop(activation.job, None)
        activation.above.inner.remove(activation)

    def terminate(self, activation, itself=True):
        """Ends what runs within, and the element itself."""
        for inner in list(activation.inner):
            self.terminate(inner)
        if itself and activation is not self.root:
            if activation.job in self.jobs:
                self.executor.channel.cancel(activation.job)
                self.record("JOB", "CANCELED", activation.job, jobs.job_value(activation, "", 0))
            if activation.incident is not None:
                self.executor.incidents.drop(activation.incident)
            self._forget(activation)
            self.record_element(activation, "ELEMENT_TERMINATED")

    def cancel(self):
        self.terminate(self.root)
        self._end("terminated", "ELEMENT_TERMINATED")

    def fire(self, activation, event, brought):
        """A boundary event of what runs there happens."""
        runs = activation.element.kind == "subProcess" or activation.items is not None
        task = self.tokens.inside(activation.task) if runs else activation.task
        if task is None:
            return
        self._caught.setdefault(event.id, []).append(brought)
        if not self.tokens.fire(task, event.id):
            self._caught[event.id].pop()
        elif event.interrupting:
            self.terminate(activation)

    def scope(self, key):
        """The scope of the element that runs under that key; None without one."""
        todo = [self.root]
        while todo:
            activation = todo.pop()
            if activation.key == key:
                return activation.scope
            todo += activation.inner
        return None

    # --- incidents --------------------------------------------------------------------------------------------------------------

    def attempt(self, activation, what):
        """Does it; when that fails, an incident stands until it is resolved, and then it is tried again."""
        try:
            what(activation)
        except feel.Failed as problem:
            kind = "IO_MAPPING_ERROR" if what in (self._enter, self.complete) else "EXTRACT_VALUE_ERROR"
            kind = getattr(problem, "incident", kind)
            self.executor.incidents.add(self, activation, kind, str(problem), lambda: self.attempt(activation, what))
