import Rendering
import Testing
