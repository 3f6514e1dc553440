# `make demo` and `make test` do all the set-up they need; the other targets are for working on Mondo itself.
.PHONY: demo test setup build bench format lint clean

SWIFT_BUILD := swift build -c release --product
DEMO_SCENE ?= Scenes/balls/missed-shot.yaml
DEMO_FOLDER := .build/demo

demo: setup
	@$(SWIFT_BUILD) mondo
	@mkdir -p $(DEMO_FOLDER)
	.build/release/mondo validate $(DEMO_SCENE)
	.build/release/mondo render $(DEMO_SCENE) -o $(DEMO_FOLDER)/clip.mp4
	.build/release/mondo score $(DEMO_FOLDER)/clip.mp4 --scene $(DEMO_SCENE) --report $(DEMO_FOLDER)/report
	@echo
	@echo "The clip:   $(DEMO_FOLDER)/clip.mp4"
	@echo "The report: $(DEMO_FOLDER)/report/report.html"

# The command-line tests run the products, so these are built first.
test: setup
	swift build -c release
	swift test -c release

build: setup
	swift build -c release

bench: setup
	@$(SWIFT_BUILD) mondo-bench
	.build/release/mondo-bench physics
	.build/release/mondo-bench rigid
	.build/release/mondo-bench render

setup:
	@.ci/setup

format:
	swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests

lint:
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests

clean:
	rm -rf .build
