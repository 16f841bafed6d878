# Installs Windows 7 from your own disc on a disk image for Vitrine. See README.md in this folder.
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent $PSScriptRoot
$tsx = Join-Path $root 'node_modules/tsx/dist/loader.mjs'
$script = Join-Path $PSScriptRoot 'windows7.ts'

if (-not (Get-Command node -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('Node.js is needed (version 20.19 or later): https://nodejs.org')
    exit 2
}
if (-not (Test-Path $tsx)) {
    [Console]::Error.WriteLine("Run ""npm ci"" once in $root, then try again.")
    exit 2
}
$rest = @($args)
if (-not ($rest -match '^--qemu(=|$)') -and -not (Get-Command qemu-system-i386 -ErrorAction SilentlyContinue)) {
    # Where the installer of QEMU for Windows puts it, without adding it to the path.
    $qemu = Join-Path $env:ProgramFiles 'qemu'
    if (Test-Path (Join-Path $qemu 'qemu-system-i386.exe')) {
        # First, so that what was given counts more.
        $rest = @('--qemu', (Join-Path $qemu 'qemu-system-i386.exe'), '--qemu-img', (Join-Path $qemu 'qemu-img.exe')) + $rest
    }
}
# In one process, so that Ctrl+C reaches the script itself; Node takes the loader as a URL.
& node --import ([Uri]$tsx).AbsoluteUri $script @rest
exit $LASTEXITCODE
