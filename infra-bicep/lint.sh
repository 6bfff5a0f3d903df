#!/usr/bin/env bash
# Compiles and lints the Bicep files with the compiler from NuGet; any warning fails. Needs the .NET SDK only (x64 Linux).
set -euo pipefail
cd "$(dirname "$0")"
version=0.49.2
package="${NUGET_PACKAGES:-$HOME/.nuget/packages}/azure.bicep.commandline.linux-x64/$version"
if [ ! -d "$package" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cat > "$folder/bicep.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="Azure.Bicep.CommandLine.linux-x64" Version="[$version]" /></ItemGroup>
</Project>
PROJECT
  dotnet restore "$folder" --verbosity quiet
fi
bicep=$(find "$package" -name bicep -type f)
chmod +x "$bicep"
found=0
for file in main.bicep *.bicepparam; do
  command=lint
  [ "${file##*.}" = bicepparam ] && command="build-params --stdout"
  # shellcheck disable=SC2086
  said=$("$bicep" $command "$file" 2>&1 >/dev/null) || found=1
  if [ -n "$said" ]; then echo "$said"; found=1; fi
done
[ $found = 0 ] && echo "No warnings."
exit $found
