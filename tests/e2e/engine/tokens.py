"""The tokens of one process instance: a workflow of SpiffWorkflow, made from a Plan. Which steps are ready, which were passed, what a boundary
event takes away. No variables: the library's own hold nothing but choices of flows and numbers of loops.
"""

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

import steps


class _Choices:
    """Takes the place of the library's script engine: what is asked was decided at the step before."""

    @staticmethod
    def evaluate(task, expression, external_context=None):
        if expression in task.data.get("numbers", {}):
            return task.data["numbers"][expression]
        return expression in task.data.get("flows", ())


class Tokens:
    def __init__(self, plan):
        self._plan = plan
        self._workflow = BpmnWorkflow(plan.spec, plan.parts, script_engine=_Choices())
        self._seen = set()

    def advance(self, passed):
        """Goes on as far as the library can without a step; `passed(element)` is called for what has no step. Gives the new steps."""
        def done(task):
            element, role = self._plan.roles.get(task.task_spec.name, (None, None))
            if role == "passed":
                passed(element, task)

        self._workflow.do_engine_steps(did_complete_task=done)
        found = [task for task in self._workflow.get_tasks(state=TaskState.READY, manual=True) if task.id not in self._seen]
        self._seen.update(task.id for task in found)
        return found

    @property
    def ended(self):
        return self._workflow.completed

    @staticmethod
    def finish(task, flows=None, number=None):
        """The step is done. `flows`: ids of those it chose; `number`: how often the loop behind it runs."""
        if flows is not None:
            task.data["flows"] = list(flows)
        if number is not None:
            task.data["numbers"] = {**task.data.get("numbers", {}), task.task_spec.name: number}
        task.run()

    def terminate(self, task):
        """What runs beside this step is about to be ended by the library, which forgets the inner workflows of loops."""
        self._drop(lambda owner: owner.workflow is task.workflow)

    def _drop(self, belongs):
        """Forgets the inner workflows whose owner `belongs`, or lies in one that does."""
        every = self._workflow.subprocesses
        owners = {key: self._workflow.get_task_from_id(key) for key in every}

        def doomed(owner):
            while owner is not None:
                if belongs(owner):
                    return True
                owner = owners.get(getattr(owner.workflow, "parent_task_id", None))
            return False

        for key in [key for key, owner in owners.items() if doomed(owner)]:
            every.pop(key)

    def around(self, task):
        """The step at which what `task` lies in was entered, and the number of its run in a loop; None at the top."""
        if task.workflow is self._workflow:
            return None, None
        inner = self._workflow.get_task_from_id(task.workflow.parent_task_id)
        return self._entered(inner), inner.internal_data.get("key_or_index", inner.internal_data.get("item"))

    @classmethod
    def _entered(cls, inner):
        return cls.entered(inner.parent, steps.before(inner.task_spec.name.removesuffix(" [child]")))

    def inside(self, step):
        """The task of the library that runs what is entered at this step; None before it begins."""
        todo = list(step.children)
        while todo:
            task = todo.pop()
            if steps.before(task.task_spec.name) == step.task_spec.name:
                return task
            if task.task_spec.name.endswith("BoundaryEventSplit"):
                todo += task.children
        return None

    def fire(self, task, event):
        """The boundary event of that id, attached to what `task` runs, happens. False: it is no longer waited for."""
        split = task.parent
        waiting = [each for each in split.children if each.task_spec.name == event and each.state == TaskState.WAITING]
        if not waiting:
            return False
        if waiting[0].task_spec.cancel_activity:
            self._drop(lambda owner: owner is task or owner.is_descendant_of(task))
        else:
            # For the next time.
            again = split._add_child(waiting[0].task_spec, TaskState.FUTURE)  # pylint: disable=protected-access
            again.task_spec._predict(again, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # pylint: disable=protected-access
            again._set_state(TaskState.WAITING)  # pylint: disable=protected-access
        waiting[0]._set_internal_data(event_fired=True)  # pylint: disable=protected-access
        waiting[0].task_spec._update(waiting[0])  # pylint: disable=protected-access
        return True

    def there(self, task):
        """False of a step that something took away after it was handed out."""
        inner = task.workflow is self._workflow or self._workflow.subprocesses.get(task.workflow.parent_task_id) is task.workflow
        return inner and task.state == TaskState.READY

    @staticmethod
    def entered(task, name):
        """The step of that name which `task` comes from."""
        while task.task_spec.name != name:
            task = task.parent
        return task
