metadata description = 'Logs and telemetry: a workspace and Application Insights on it, which takes telemetry from identities only.'

param location string
param tags object
param name string
param retentionDays int

module workspace 'workspace.bicep' = {
  name: 'workspace'
  params: {
    location: location
    tags: tags
    name: 'log-${name}'
    retentionDays: retentionDays
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.outputs.id
    DisableLocalAuth: true
  }
}

// A request's address has the customer's id in it. The rule needs the workspace and the workspace the rule, so the workspace is written again with it.
resource addresses 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: 'dcr-${name}'
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: workspace.outputs.id
        }
      ]
    }
    dataFlows: [
      {
        streams: ['Microsoft-Table-AppRequests']
        destinations: ['workspace']
        transformKql: 'source | extend Url = ""'
      }
    ]
  }
}

module transformed 'workspace.bicep' = {
  name: 'workspace-transforms'
  params: {
    location: location
    tags: tags
    name: 'log-${name}'
    retentionDays: retentionDays
    transformsId: addresses.id
  }
}

output applicationInsights string = insights.name
output connectionString string = insights.properties.ConnectionString
output applicationInsightsId string = insights.id
output workspaceId string = workspace.outputs.id
