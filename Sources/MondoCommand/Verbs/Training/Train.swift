import ArgumentParser

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train the generator's networks on data that `mondo dataset` made.",
    discussion: """
      One sample in 16, chosen by its key, is held out: training never sees it,
      and the figures at the end are measured on it. The state is kept beside
      the weights every minute; killed at any moment, the same command with
      --resume goes on from there, to the very weights it would have come to.
      Beside weights.safetensors lie weights.card.md, which says how they were
      made and how good they are, and weights.report.html with the curve of the
      loss and pictures of samples that training never saw.

      EXAMPLES
        mondo dataset Scenes/balls/*.yaml -n 200 -o data --size 144x80
        mondo train autoencoder data -o video.safetensors --minutes 45
        mondo train autoencoder data -o video.safetensors --resume
        mondo train autoencoder data --measure video.safetensors
        mondo train autoencoder data --sound -o sound.safetensors
        mondo train shader data -o shader.safetensors
        mondo train transformer data -o transformer.safetensors \\
          --pictures video.safetensors --sounds sound.safetensors \\
          --shader shader.safetensors
        mondo train student data -o student.safetensors \\
          --teacher transformer.safetensors
      """,
    subcommands: [
      TrainAutoencoder.self, TrainShader.self, TrainTransformer.self, TrainStudent.self, TrainLatents.self,
    ])
}
