// Draws openapi.json: operations with copyable commands, schemas, problems. Text goes into the page as text
// only, so nothing in the document can become markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete", "head"];
const KEY = "$TROUPE_KEY";

/** An element with attributes and children; strings become text. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A table that is wider than its place is scrolled by keys too, and is a stop of Tab only then. */
const wide = new ResizeObserver((entries) => {
  for (const {target} of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function table(caption, heads, rows) {
  if (rows.length === 0) return null;
  const head = make("tr", {}, ...heads.map((text) => make("th", {scope: "col"}, text)));
  const body = rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, ...[cell].flat()))));
  const place = make("div", {class: "scroll", role: "group", "aria-label": caption},
    make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body)));
  wide.observe(place);
  return place;
}

const nameOf = (reference) => reference.split("/").pop();

/** What `$ref` names, or the thing itself. */
function resolve(api, thing) {
  if (!thing.$ref) return thing;
  return thing.$ref.slice(2).split("/").reduce((node, step) => node[step.replace(/~1/g, "/")], api);
}

/** A type in words, with links to named schemas. */
function typeOf(schema) {
  if (schema.$ref) return [make("a", {href: "#schema-" + nameOf(schema.$ref)}, nameOf(schema.$ref))];
  const choices = schema.oneOf || schema.anyOf;
  if (choices) return choices.flatMap((choice, i) => (i === 0 ? typeOf(choice) : [" or ", ...typeOf(choice)]));
  const type = [].concat(schema.type || "any").join(" or ");
  if (schema.items) return [type.replace("array", "list of "), ...typeOf(schema.items)];
  return [schema.format ? type + " (" + schema.format + ")" : type];
}

/** Bounds and choices of a schema, for people. */
function boundsOf(schema) {
  const bounds = [];
  const say = (key, text) => { if (schema[key] !== undefined) bounds.push(text + " " + schema[key]); };
  if (schema.enum) bounds.push("one of " + schema.enum.filter((value) => value !== null).join(", "));
  say("minimum", "at least"); say("maximum", "at most"); say("minItems", "at least"); say("maxItems", "at most");
  say("maxLength", "characters at most"); say("default", "default"); say("const", "always");
  if (schema.examples) bounds.push("such as " + schema.examples.join(", "));
  return bounds.join("; ");
}

function properties(schema, caption) {
  const required = schema.required || [];
  return table(caption, ["Field", "Type", "Meaning"], Object.entries(schema.properties || {}).map(([name, field]) => [
    [make("code", {}, name), required.includes(name) ? "" : make("span", {class: "soft"}, " optional")],
    typeOf(field),
    [field.description || "", " ", make("span", {class: "soft"}, boundsOf(field))],
  ]));
}

function copyable(text, label) {
  const button = make("button", {type: "button", "aria-label": "Copy " + label}, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C";
      getSelection().selectAllChildren(button.previousSibling);
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return make("div", {class: "example"}, make("pre", {tabindex: "0"}, make("code", {}, text)), button);
}

const inQuotes = (text) => "'" + text.replace(/'/g, "'\\''") + "'";

/** The commands that call an operation: one for each example of its body. */
function commands(path, method, operation, parameters) {
  const url = location.origin + path.replace("{id}", "ID");
  const lines = ["curl -sS " + (method === "head" ? "--head " : method === "get" ? "" : "-X " + method.toUpperCase() + " ") +
                 inQuotes(url), "-H \"Authorization: Bearer " + KEY + "\""];
  const content = (operation.requestBody || {}).content || {};
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith("2"))[1].content || {};
  for (const parameter of parameters)
    if (parameter.in === "header" && parameter.required) lines.push("-H '" + parameter.name + ": 0'");
  if (success["text/event-stream"]) lines[0] = lines[0].replace("-sS", "-sSN");
  const binary = Object.keys(success).find((type) => type.startsWith("video/") || type.startsWith("image/"));
  if (binary) lines.push("-o " + operation.operationId.replace("get", "").toLowerCase() + "." + binary.split("/")[1].replace("jpeg", "jpg"));
  const join = (extra) => [...lines, ...extra].join(" \\\n  ");
  const bodies = Object.entries(((content["application/json"] || {}).examples) || {});
  const made = bodies.map(([name, example]) => [name, join(["-H 'Content-Type: application/json'",
    "-d " + inQuotes(JSON.stringify(example.value, null, 2))])]);
  const raw = Object.keys(content).find((type) => type !== "application/json");
  if (raw) made.push(["a file", join(["-H 'Content-Type: " + raw.replace("*/*", "image/png") + "'", "--data-binary @picture.png"])]);
  return made.length > 0 ? made : [["", join([])]];
}

function responses(api, operation) {
  return table("Answers", ["Status", "Meaning", "Body"], Object.entries(operation.responses).map(([status, given]) => {
    const response = resolve(api, given);
    const bodies = Object.entries(response.content || {}).map(([type, body]) =>
      make("div", {}, ...(body.schema ? typeOf(body.schema) : [type]), body.schema && type !== "application/json" ? " as " + type : ""));
    const headers = Object.keys(response.headers || {}).join(", ");
    return [make("code", {}, status), [response.description, headers ? make("div", {class: "soft"}, "Headers: " + headers) : ""], bodies];
  }));
}

function drawOperation(api, path, method, operation) {
  const parameters = (operation.parameters || []).map((parameter) => resolve(api, parameter));
  const id = "op-" + operation.operationId;
  const scope = operation.security && operation.security[0].bearer[0];
  const body = ((operation.requestBody || {}).content || {})["application/json"];
  const section = make("section", {class: "item", id, "data-find": [path, method, operation.summary, operation.operationId].join(" ").toLowerCase()},
    make("h3", {}, make("span", {class: "method " + method}, method.toUpperCase()), make("span", {class: "path"}, path)),
    make("p", {}, make("strong", {}, operation.summary + ". "), operation.description || ""),
    scope ? make("p", {class: "soft"}, "Needs the scope ", make("code", {}, scope)) : null,
    table("Parameters", ["Name", "In", "Type", "Meaning"], parameters.map((parameter) => [
      make("code", {}, parameter.name), parameter.in + (parameter.required ? "" : ", optional"), typeOf(parameter.schema),
      [parameter.description || "", " ", make("span", {class: "soft"}, boundsOf(parameter.schema))]])),
    body ? make("p", {}, "Body: ", ...typeOf(body.schema)) : null);
  for (const [name, command] of commands(path, method, operation, parameters))
    section.append(make("h4", {}, name ? "Example: " + name.replace(/_/g, " ") : "Example"), copyable(command, "the command"));
  section.append(responses(api, operation));
  return section;
}

function drawSchema(name, schema) {
  return make("section", {class: "item", id: "schema-" + name, "data-find": name.toLowerCase()},
    make("h3", {}, name), schema.description ? make("p", {}, schema.description) : null,
    schema.properties ? properties(schema, "Fields of " + name) : make("p", {}, ...typeOf(schema), " ", boundsOf(schema)));
}

function drawProblem(code, problem) {
  return make("section", {class: "item", id: "problem-" + code, "data-find": "problem " + code},
    make("h3", {}, make("code", {}, code), make("span", {class: "soft"}, String(problem.status))),
    make("p", {}, make("strong", {}, problem.title + ". "), problem.meaning + (problem.retryable ? " May be tried again." : "")));
}

/** One part of the page and its list in the contents. */
function addPart(title, about, sections, label) {
  const id = "part-" + title.toLowerCase();
  document.getElementById("content").append(make("h2", {id}, title), about ? make("p", {}, about) : "", ...sections);
  const links = sections.map((section) => make("li", {"data-of": section.id}, make("a", {href: "#" + section.id}, label(section))));
  document.getElementById("contents").append(make("h2", {}, title), make("ul", {}, ...links));
}

function draw(api) {
  const content = document.getElementById("content");
  content.append(make("h1", {}, api.info.title + " API"),
    ...api.info.description.split("\n\n").map((text) => make("p", {}, text)));
  for (const tag of api.tags) {
    const sections = Object.entries(api.paths).flatMap(([path, item]) => METHODS
      .filter((method) => item[method] && item[method].tags.includes(tag.name))
      .map((method) => drawOperation(api, path, method, item[method])));
    addPart(tag.name[0].toUpperCase() + tag.name.slice(1), tag.description, sections,
      (section) => section.querySelector("strong").textContent.replace(/\. $/, ""));
  }
  addPart("Problems", "Every error is application/problem+json with one of these codes.",
    Object.entries(api["x-problems"]).map(([code, problem]) => drawProblem(code, problem)), (section) => section.id.slice(8));
  addPart("Schemas", "", Object.entries(api.components.schemas).map(([name, schema]) => drawSchema(name, schema)),
    (section) => section.id.slice(7));
}

function filter(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section.item"))
    section.hidden = !wanted.every((word) => section.dataset.find.includes(word));
  for (const link of document.querySelectorAll("nav li")) link.hidden = document.getElementById(link.dataset.of).hidden;
}

async function start() {
  const status = document.getElementById("status");
  try {
    const response = await fetch("/openapi.json");
    if (!response.ok) throw new Error("status " + response.status);
    draw(await response.json());
    status.remove();
  } catch (error) {
    status.textContent = "The description could not be loaded (" + error.message + "). Reload the page to try again.";
    return;
  }
  document.getElementById("filter").addEventListener("input", (event) => filter(event.target.value));
  // The part that the address names was not there yet when the page came.
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView();
}

start();
