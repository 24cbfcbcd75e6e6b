import Simulator

simulatorMain()
