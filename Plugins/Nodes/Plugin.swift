import PluginABI
@_cdecl("pve_plugin_nodes") public func entry(_ h: UnsafeRawPointer?) -> UnsafeRawPointer? { nil }
