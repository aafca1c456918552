// The function of docker/compose.yaml: answers with what it was given, and fails when asked to.
export const handler = async (event) => {
  if (event?.fail) throw new Error(`asked to fail: ${event.fail}`);
  return { got: event, at: new Date().toISOString() };
};
