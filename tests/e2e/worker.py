"""The real worker, configured by its environment as an operator would do it."""

import children

_STOP_TIME = 40


class Worker:
    """One running lambda-connector that serves the given engine and calls the given stand-ins."""

    def __init__(self, program, engine, standins, more, logs, number):
        self.more = more
        settings = children.environment(CAMUNDA_GRPC_ADDRESS=engine.address,
                                        LAMBDA_CONNECTOR_ADMIN_ADDRESS="127.0.0.1:0", **standins.environment())
        settings.update(more)
        self.child = children.Child("lambda-connector", [program], settings,
                                    logs / f"worker-{engine.name.replace(' ', '-')}-{number}.log")

    def stop(self):
        """Asks it to end; gives its exit code, None when it had to be killed."""
        return self.child.stop(_STOP_TIME)
