// The workspace's JSON endpoints. Every call resolves to the answer, refusals included:
// {ok: false, error}. Only what has no answer at all becomes {ok: false, error: "no_connection"}.

/** The workspace that is looked at, by its id; without one it is the server's first. */
export const team = new URLSearchParams(location.search).get("team");

function addressed(name, params = {}) {
  const known = Object.entries({ ...params, team }).filter(([, value]) => value !== null && value !== undefined);
  return `/sandbox/${name}${known.length ? `?${new URLSearchParams(known)}` : ""}`;
}

async function call(path, options) {
  try {
    const response = await fetch(path, options);
    const answer = await response.json();
    return response.ok ? { ok: true, ...answer } : { ...answer, ok: false, error: answer.error || `http_${response.status}` };
  } catch {
    return { ok: false, error: "no_connection" };
  }
}

export function get(name, params = {}) {
  return call(addressed(name, params));
}

export function post(name, body) {
  return call(addressed(name), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Sends a file as it is. */
export const postFile = (name, file) => call(addressed(name), { method: "POST", headers: { "Content-Type": "application/zip" }, body: file });

export const workspaceUrl = () => addressed("workspace");
export const fileUrl = (as, id) => addressed("file", { as, id });

/** Sends a form with files; `onprogress` hears how much of it has gone, from 0 to 1. */
export function upload(name, fields, files, onprogress) {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) if (value) form.append(key, value);
  for (const file of files) form.append("file", file, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", addressed(name));
    request.responseType = "json";
    request.upload.onprogress = (event) => onprogress(event.loaded / event.total);
    request.onload = () => {
      const answer = request.response || {};
      resolve(request.status < 400 ? { ok: true, ...answer } : { ...answer, ok: false, error: answer.error || `http_${request.status}` });
    };
    request.onerror = () => resolve({ ok: false, error: "no_connection" });
    request.send(form);
  });
}

export const remove = (name, params) => call(addressed(name, params), { method: "DELETE" });

/** Live events of one person. `onopen(again)` tells whether this is a re-connection. */
export function events(as, onevent, onopen, onlost) {
  let source = null;
  let opened = false;
  let timer = null;
  let stopped = false;
  const connect = () => {
    source = new EventSource(addressed("events", { as }));
    source.onopen = () => {
      onopen(opened);
      opened = true;
    };
    source.onmessage = (event) => onevent(JSON.parse(event.data));
    source.onerror = () => {
      onlost();
      source.close();
      if (!stopped) timer = setTimeout(connect, 1000);
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}

const SENTENCES = {
  no_connection: "The workspace does not answer. Is it still running?",
  operation_timeout: "The app did not answer within 3 seconds (operation_timeout).",
  dispatch_failed: "The app could not be reached, or its answer was an error (dispatch_failed).",
  unknown_command: "No app has such a command here.",
  is_archived: "This channel is archived.",
  not_in_channel: "You are not in this channel.",
  invalid_response: "The app's answer was not one that Slack takes; the inspector says why.",
  file_too_large: "The file is too large.",
  element_not_found: "This has changed meanwhile. Look at it again.",
  message_not_found: "This message is no longer there.",
  view_not_found: "This form is no longer open.",
  no_reaction: "That reaction was already gone.",
};

/** What to tell a person about a refusal. */
export function sentence(error) {
  return SENTENCES[error] || `That did not work: ${error}.`;
}
