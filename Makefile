# Two commands for newcomers:  make demo   reviews the sample ads and leaves an HTML report
#                              make test   runs the tests
# Both prepare their own environment in .venv from the hashed lock files; run again, they only do
# what is missing. PYTHON names another interpreter (3.10 to 3.13).
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.10 python3,$(if $(shell command -v $(p)),$(p))))
VENV ?= .venv
BIN := $(VENV)/bin
REPORT ?= out/demo.html
REGISTER ?= out/demo-register.db
DEMO := $(BIN)/adscan check --published 2026-11-25
LOCKED_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r

.PHONY: help demo serve test check docs lock clean
.DEFAULT_GOAL := help

help: ## 列出命令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(VENV)/.runtime ## 审查 examples/ 里的样例广告，生成 HTML 报告
	@echo "── 审查一张海报：adscan check examples/ads/01-wealth-poster.jpg"
	@mkdir -p $(dir $(REPORT))
	@$(DEMO) examples/ads/01-wealth-poster.jpg || test $$? -eq 1
	@echo "── 审查 examples/ads 里的全部样例，生成 HTML 报告（约一分钟）"
	@$(DEMO) examples/ads --format html --output $(REPORT) || test $$? -eq 1
	@echo "── 同一则基金广告，三个广告主：把虚构的许可名录导入登记册，再逐个核对"
	@rm -f $(REGISTER)*
	@for list in examples/permits/*.csv; do $(BIN)/adscan permits import $$list --register $(REGISTER) --quiet; done
	@for name in 青榆基金销售有限公司 霁汀基金销售有限公司 沧屿财富管理有限公司; do \
	  $(BIN)/adscan permits check $$name --activity fund_sales --on 2026-11-25 --register $(REGISTER) | head -n 3; done
	@echo "── 报告已写入 $(REPORT)，请用浏览器打开"

serve: $(VENV)/.web ## 启动预审服务（http://127.0.0.1:8000，数据在 out/prereview）
	@ADSCAN_WEB__DATA_DIR=$(CURDIR)/out/prereview $(BIN)/adscan serve

test: $(VENV)/.dev ## 运行全部测试
	@echo "── 运行测试"
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/.dev ## 静态检查：ruff、mypy、模块依赖方向
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(VENV)/.runtime ## 由规则文件重新生成 docs/rules/
	$(BIN)/python scripts/render_rule_pages.py

lock: ## 重新生成锁定文件（需要 uv）
	uv pip compile --universal --python-version 3.10 --generate-hashes --quiet \
	  pyproject.toml -o requirements/runtime.lock
	uv pip compile --universal --python-version 3.10 --generate-hashes --quiet \
	  --extra web --extra postgresql \
	  -c requirements/runtime.lock pyproject.toml -o requirements/web.lock
	uv pip compile --universal --python-version 3.10 --generate-hashes --quiet --extra dev --extra web \
	  -c requirements/runtime.lock pyproject.toml -o requirements/dev.lock

clean: ## 删除环境和生成物
	rm -rf $(VENV) out

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "没有找到 Python 3.10–3.13，请先安装 python3.11 和 python3.11-venv"; exit 1; }
	@echo "── 建立虚拟环境 $(VENV)（$(PYTHON)）"
	@$(PYTHON) -m venv $(VENV) || { echo "建立虚拟环境失败：Debian 系统请先 apt-get install python3-venv"; exit 1; }

$(VENV)/.runtime: $(VENV)/bin/python requirements/runtime.lock pyproject.toml
	@echo "── 安装运行所需的库（按 requirements/runtime.lock，核对哈希）"
	@$(LOCKED_INSTALL) requirements/runtime.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python scripts/check_system.py
	@touch $@

$(VENV)/.web: $(VENV)/.runtime requirements/web.lock
	@echo "── 安装预审服务所需的库（按 requirements/web.lock，核对哈希）"
	@$(LOCKED_INSTALL) requirements/web.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.lock
	@echo "── 安装测试所需的库（按 requirements/dev.lock，核对哈希）"
	@$(LOCKED_INSTALL) requirements/dev.lock
	@touch $@
