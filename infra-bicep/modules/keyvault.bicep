metadata description = 'The vault of the master keys, which seal the key of every customer. Losing them loses every customer; hence purge protection.'

param location string
param tags object
param name string
param purgeProtection bool
param publicAccess bool

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: publicAccess ? 'enabled' : 'disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
    // The service takes true or nothing; it refuses false.
    enablePurgeProtection: purgeProtection ? true : null
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
