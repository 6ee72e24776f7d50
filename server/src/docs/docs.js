// Shows what /openapi.json says, and sends requests as one who tries them would. Text from the server is
// only ever put in as text.
"use strict";

const find = (id) => document.getElementById(id);
const make = (name, properties = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value; else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
};
/// Prose, in which what stands in backticks is code.
const prose = (text) => text.split("`").map((part, place) => place % 2 ? make("code", { textContent: part }) : part);
const headers = (more = {}) => {
  const token = find("token").value.trim();
  return token ? { authorization: `Bearer ${token}`, ...more } : more;
};

let api;

async function read() {
  const failed = find("failed");
  failed.hidden = true;
  try {
    const response = await fetch("/openapi.json", { headers: headers() });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${answer.title}: ${answer.detail}. ${answer.help ?? ""}`);
    api = answer;
    show();
  } catch (error) {
    failed.textContent = String(error.message ?? error);
    failed.hidden = false;
  }
}

function show() {
  find("about").replaceChildren(...prose(`${api.info.summary} ${api.info.description}`));
  const index = [], all = [];
  for (const tag of api.tags) {
    const list = make("ul"), own = [];
    const programs = new Map();
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!operation.tags.includes(tag.name)) continue;
        const id = operation.operationId;
        const program = /^\/v1\/programs\/([^{/]+)\//.exec(path)?.[1];
        const name = program ? path.split(`/${program}/`).pop() : operation.summary;
        const link = make("a", { href: `#${id}`, textContent: name, title: `${method.toUpperCase()} ${path}` });
        if (!program) list.append(make("li", {}, link));
        else if (programs.has(program)) programs.get(program).append(" · ", link);
        else {
          programs.set(program, make("li", {}, make("strong", { textContent: program }), make("br"), link));
          list.append(programs.get(program));
          own.push(make("h3", { textContent: program }));
        }
        own.push(panel(id, method, path, operation));
      }
    }
    index.push(make("h2", { textContent: tag.description }), list);
    all.push(make("h2", { textContent: tag.description }), ...own);
  }
  find("index").replaceChildren(...index);
  find("operations").replaceChildren(...all);
  find("kinds").replaceChildren(...api["x-problems"].map((kind) => make("tr", { id: `problem-${kind.name}` },
    make("td", { textContent: kind.status }), make("td", {}, make("code", { textContent: kind.name })), make("td", { textContent: kind.title }))));
  find("schemas").replaceChildren(...Object.entries(api.components.schemas).map(([name, schema]) =>
    make("details", { id: `type-${name}` }, make("summary", {}, make("code", { textContent: name })),
      make("div", {}, make("p", {}, ...prose(schema.description ?? "")), fields(schema)))));
  goto();
}

function panel(id, method, path, operation) {
  const inside = make("div", {}, make("p", { className: "soft" }, ...prose(operation.description ?? "Open to all")));
  inside.append(trial(method, path, operation));
  const answer = operation.responses["200"];
  for (const [type, content] of Object.entries(answer?.content ?? {})) {
    inside.append(make("h4", { textContent: `Answer: ${type}` }), fields(content.schema));
  }
  return make("details", { id }, make("summary", {},
    make("span", { className: "method", textContent: method.toUpperCase() }),
    make("span", { className: "path", textContent: path }), ` ${operation.summary}`), inside);
}

function trial(method, path, operation) {
  const form = make("form");
  const inputs = (operation.parameters ?? []).map((parameter) => {
    const input = make("input", { name: parameter.name, required: parameter.required, value: parameter.required ? parameter.schema.examples?.[0] ?? "" : "" });
    form.append(make("label", {}, `${parameter.name} `, input));
    return [parameter, input];
  });
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = type ? make("textarea", { "aria-label": "Body", spellcheck: false, value: example(type, content.schema) }) : null;
  if (body) form.append(body);
  const result = make("div", { "aria-live": "polite" });
  form.append(make("button", { textContent: "Send" }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let target = path;
    const query = new URLSearchParams();
    for (const [parameter, input] of inputs) {
      if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(parameter.name, input.value);
    }
    if ([...query].length) target += `?${query}`;
    const start = performance.now();
    try {
      const response = await fetch(target, { method: method.toUpperCase(), headers: headers(type ? { "content-type": type } : {}), body: body?.value });
      const text = await response.text();
      const took = Math.round(performance.now() - start);
      result.replaceChildren(
        make("p", { className: response.ok ? "" : "bad", textContent: `${response.status} in ${took} ms, ${response.headers.get("content-type") ?? ""}` }),
        make("pre", { textContent: pretty(text) }), make("p", { className: "soft", textContent: "The same with curl:" }),
        make("pre", { textContent: curl(method, target, type, body?.value) }));
    } catch (error) {
      result.replaceChildren(make("p", { className: "bad", textContent: String(error) }));
    }
  });
  return make("div", {}, form, result, ...(type ? [make("h4", { textContent: `Body: ${type}` }), fields(content.schema)] : []));
}

const pretty = (text) => { try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; } };

function curl(method, target, type, body) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = [`curl -X ${method.toUpperCase()} ${quoted(location.origin + target)}`];
  if (find("token").value) parts.push(`-H "Authorization: Bearer $TOKEN"`);
  if (type) parts.push(`-H ${quoted(`Content-Type: ${type}`)}`, `--data-binary ${quoted(body)}`);
  return parts.join(" \\\n  ");
}

const resolve = (schema) => {
  let seen = 0;
  while (schema?.$ref && seen++ < 8) schema = api.components.schemas[schema.$ref.split("/").pop()];
  return schema ?? {};
};

/// A body to begin with: every key once, as empty as it may be.
function example(type, schema) {
  if (type !== "application/json") return '{"partner":{"id":"P-1"}}\n{"partner":{"id":"P-2"}}\n';
  const value = (schema, depth) => {
    schema = resolve(schema);
    if (schema.examples?.length) return schema.examples[0];
    if (schema.anyOf) return value(schema.anyOf.at(-1), depth);
    const kind = [schema.type].flat()[0];
    if (kind === "object") {
      const keys = Object.entries(schema.properties ?? {}).filter(([key]) => depth === 0 || depth === 1 || key === "id");
      return Object.fromEntries(keys.map(([key, inner]) => [key, value(inner, depth + 1)]));
    }
    if (kind === "array") return [];
    if (kind === "boolean") return false;
    if (schema.enum) return schema.enum[0];
    return kind === "string" ? "P-1" : 0;
  };
  const body = value(schema, 0);
  delete body.version;
  return JSON.stringify(body, null, 2);
}

function fields(schema) {
  const reference = schema?.$ref?.split("/").pop();
  if (reference) return make("p", {}, make("a", { href: `#type-${reference}`, textContent: reference }));
  const own = resolve(schema);
  const properties = Object.entries(own.properties ?? {});
  if (!properties.length) {
    return make("p", {}, ...link(own));
  }
  const rows = properties.map(([key, inner]) => make("tr", {},
    make("td", {}, make("code", { textContent: key + (own.required?.includes(key) ? "" : "?") })),
    make("td", {}, ...link(inner)), make("td", {}, ...prose(inner.description ?? ""))));
  return make("table", {}, make("tbody", {}, ...rows));
}

const named = (schema) => [schema.type ?? []].flat().join(" or ") + (schema.enum ? `: ${schema.enum.join(", ")}` : "");

/// What a schema is, in a few words with links to what it is made of.
function link(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return [make("a", { href: `#type-${name}`, textContent: name })];
  }
  if (schema.anyOf) return schema.anyOf.flatMap((inner, place) => place ? [" or ", ...link(inner)] : link(inner));
  if (schema.items) return ["list of ", ...link(schema.items)];
  if (typeof schema.additionalProperties === "object") return ["by name: ", ...link(schema.additionalProperties)];
  return [named(schema)];
}

/// Opens what the address names.
function goto() {
  const target = location.hash.length > 1 && find(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

find("access").addEventListener("submit", (event) => { event.preventDefault(); read(); });
addEventListener("hashchange", goto);
read();
