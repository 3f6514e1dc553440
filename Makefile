# `make demo` and `make test` do all the set-up they need; the other targets are for working on Mondo itself.
.PHONY: demo test setup build bench compare-tensors compare-fluid soak format lint clean

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

# The command-line tests run the products, so these are built first; without testable imports the tests share that build.
test: setup
	swift build -c release
	swift test -c release --disable-testable-imports

build: setup
	swift build -c release

bench: setup
	@$(SWIFT_BUILD) mondo-bench
	.build/release/mondo-bench physics
	.build/release/mondo-bench rigid
	.build/release/mondo-bench render

# Mondo's tensor engine and PyTorch in turn, in a virtual environment of its own: ratios of speed and memory. PyTorch as PyPI has it
# brings libraries for graphics cards, some gigabytes that are not used here; a PyTorch of your own does as well:
# `python Evaluation/Peers/tensor_ratio.py`.
PEERS := .build/peers
compare-tensors: setup $(PEERS)/torch
	@$(SWIFT_BUILD) mondo-bench
	$(PEERS)/bin/python Evaluation/Peers/tensor_ratio.py $(COMPARE)

# Mondo's particle fluid and SPlisHSPlasH in turn, on the same two cases: ratios of speed.
compare-fluid: setup
	@$(SWIFT_BUILD) mondo-bench
	python3 Evaluation/Peers/fluid_ratio.py $(COMPARE)

$(PEERS)/torch:
	python3 -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet torch
	@touch $@

# A thousand training steps of two networks at once under the thread sanitizer, then under the address sanitizer with its leak check,
# and a few under valgrind where there is one. oneDNN and GNU's OpenMP carry no instrumentation: under the thread sanitizer oneDNN
# runs on the calling thread and the own kernels on plain threads.
SOAK_STEPS ?= 1000
soak: setup
	swift build -c release --product tensor-soak --sanitize=thread --scratch-path .build/thread
	TSAN_OPTIONS=halt_on_error=1 OMP_NUM_THREADS=1 .build/thread/release/tensor-soak $(SOAK_STEPS)
	swift build -c release --product tensor-soak --sanitize=address --scratch-path .build/address
	ASAN_OPTIONS=detect_leaks=1 .build/address/release/tensor-soak $(SOAK_STEPS)
	swift build -c release --product tensor-soak
	@strip -g -o .build/tensor-soak-without-symbols .build/release/tensor-soak
	if command -v valgrind >/dev/null; then OMP_NUM_THREADS=1 valgrind --error-exitcode=1 --leak-check=full \
	  --errors-for-leak-kinds=definite .build/tensor-soak-without-symbols $$(( $(SOAK_STEPS) / 50 )); fi

setup:
	@.ci/setup

format:
	swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests

lint:
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests

clean:
	rm -rf .build
