import PluginABI
@_cdecl("pve_plugin_qemu") public func entry(_ h: UnsafeRawPointer?) -> UnsafeRawPointer? { nil }
