// The list of findings: filters and pages. What it shows is set as text, never as markup.
(function () {
  "use strict";
  // What is folded away must be on paper too, also where the style alone cannot open it.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open])").forEach(function (one) { one.open = true; });
  });
  // A table or plot that is wider than its window says so.
  var watch = new ResizeObserver(function (changed) {
    changed.forEach(function (one) {
      one.target.classList.toggle("wide", one.target.scrollWidth > one.target.clientWidth + 1);
    });
  });
  document.querySelectorAll(".scroll").forEach(function (one) { watch.observe(one); });
  var held = document.getElementById("data");
  if (!held) return;
  var PAGE = 25;
  var data = JSON.parse(held.textContent);
  var all = data.rows.map(read);
  var chosen = all;
  var page = 0;
  var list = document.getElementById("rows");
  var told = document.getElementById("told");
  var fields = Array.prototype.slice.call(document.querySelectorAll("#filters [data-by]"));
  var section = list.closest("section");

  function read(values) {
    var row = {};
    data.columns.forEach(function (name, place) { row[name] = values[place]; });
    data.textColumns.forEach(function (name) { row[name] = data.texts[row[name]]; });
    row.laws = row.laws.map(function (place) { return data.texts[place]; });
    row.month = /^\d/.test(row.day) ? row.day.slice(0, 7) : "";  // else nobody gave a day
    row.text = [row.title, row.source, row.url, row.ad_title, row.advertiser]
      .concat(row.quotes.map(function (quote) { return quote.join(""); }), row.disguises)
      .join("\n").toLowerCase();
    return row;
  }

  function add(parent, tag, text, style) {
    var made = document.createElement(tag);
    if (text) made.textContent = text;
    if (style) made.className = style;
    parent.appendChild(made);
    return made;
  }

  function show(row) {
    var item = document.createElement("li");
    item.className = "finding " + row.severity;
    add(item, "h3", row.title);
    var tags = add(item, "p", "", "tags");
    add(tags, "span", data.decisions[row.decision], "decision " + row.decision);
    add(tags, "span", data.severities[row.severity], "severity " + row.severity);
    add(tags, "span", data.asked[row.asked]);
    add(tags, "span", "置信度 " + row.sure, "quiet");
    if (row.ads > 1) add(tags, "span", "同样的 " + row.ads.toLocaleString("en") + " 件");
    if (row.campaign_ads > row.ads) add(tags, "span", "所在活动 " + row.campaign_ads.toLocaleString("en") + " 件");
    var parts = add(item, "dl");
    var words = entry(parts, "原文");
    row.quotes.forEach(function (quote) {
      var line = add(words, "blockquote");
      quote.forEach(function (piece, place) {
        if (place % 2) add(line, "b", piece, row.severity);
        else line.appendChild(document.createTextNode(piece));
      });
    });
    if (!row.quotes.length) add(words, "p", "针对整篇内容，没有具体词句。");
    row.disguises.forEach(function (one) { add(words, "p", one); });
    var where = row.place + (row.more ? "，另有 " + row.more + " 处" : "");
    if (row.place) add(words, "p", where, "quiet");
    var laws = entry(parts, "依据");
    row.laws.forEach(function (law) { add(laws, "p", law); });
    if (!row.laws.length) add(laws, "p", "发布日没有查到有效条款，须人工核对。");
    if (row.more_laws) add(laws, "p", "另有 " + row.more_laws + " 条有效依据", "quiet");
    if (row.authority) entry(parts, "牵头部门", row.authority);
    entry(parts, "广告主", row.advertiser || "未提供");
    if (row.permit) entry(parts, "资质核验", row.permit);
    entry(parts, "发布", row.day + (row.medium ? "，" + row.medium : ""));
    var source = entry(parts, "材料", row.source + (row.ad_title ? "：" + row.ad_title : ""));
    if (row.url) { add(source, "br"); add(source, "span", row.url, "address"); }
    if (row.explanation || row.remedy) {
      var more = add(item, "details");
      add(more, "summary", "理由与修改意见");
      if (row.explanation) add(more, "p", row.explanation);
      if (row.remedy) add(more, "p", "怎样改：" + row.remedy);
    }
    return item;
  }

  function entry(parts, name, text) {
    add(parts, "dt", name);
    return add(parts, "dd", text || "");
  }

  function fill(select) {
    var by = select.getAttribute("data-by");
    var counts = new Map();
    all.forEach(function (row) { counts.set(row[by], (counts.get(row[by]) || 0) + 1); });
    var names = by === "decision" ? data.decisions : by === "severity" ? data.severities : null;
    var titles = new Map();
    if (by === "rule") all.forEach(function (row) { titles.set(row.rule, row.title); });
    var keys = Array.from(counts.keys());
    if (names) keys = Object.keys(names).filter(function (key) { return counts.has(key); });
    else if (by === "month") keys.sort().reverse();
    else keys.sort(function (a, b) { return counts.get(b) - counts.get(a) || (a < b ? -1 : 1); });
    option(select, "", "全部");
    keys.forEach(function (key) {
      var name = names ? names[key] : titles.get(key) || key || "未提供";
      option(select, "=" + key, name + "（" + counts.get(key) + "）");
    });
  }

  function option(select, value, text) {
    add(select, "option", text).value = value;
  }

  function fits(row, field) {
    var by = field.getAttribute("data-by");
    var wanted = field.value;
    if (field.tagName === "SELECT") return row[by] === wanted.slice(1);
    return row[by].toLowerCase().indexOf(wanted.trim().toLowerCase()) >= 0;
  }

  function choose() {
    var used = fields.filter(function (field) { return field.value.trim(); });
    chosen = all.filter(function (row) {
      return used.every(function (field) { return fits(row, field); });
    });
    section.classList.toggle("chosen", used.length > 0);
    page = 0;
    draw();
  }

  function draw() {
    var pages = Math.max(1, Math.ceil(chosen.length / PAGE));
    var some = document.createDocumentFragment();
    chosen.slice(page * PAGE, (page + 1) * PAGE).forEach(function (row) { some.appendChild(show(row)); });
    list.replaceChildren(some);
    told.textContent = chosen.length
      ? "符合条件的 " + chosen.length.toLocaleString("en") + " 项，第 " + (page + 1) + " 页，共 " + pages + " 页"
      : "没有符合条件的问题。";
    document.getElementById("where").textContent = page + 1 + " / " + pages;
    document.getElementById("previous").disabled = page === 0;
    document.getElementById("next").disabled = page >= pages - 1;
    document.getElementById("pages").hidden = pages === 1;
  }

  function turn(by) {
    page += by;
    draw();
    document.getElementById("findings").scrollIntoView();
  }

  fields.forEach(function (field) {
    if (field.tagName === "SELECT") fill(field);
    field.addEventListener(field.tagName === "SELECT" ? "change" : "input", choose);
  });
  document.getElementById("reset").addEventListener("click", function () {
    fields.forEach(function (field) { field.value = ""; });
    choose();
  });
  document.getElementById("previous").addEventListener("click", function () { turn(-1); });
  document.getElementById("next").addEventListener("click", function () { turn(1); });
  document.getElementById("filters").hidden = false;
  choose();
})();
