{{- define "orders.name" -}}
{{ .Release.Name }}-{{ .Chart.Name }}
{{- end }}
{{- define "orders.labels" -}}
app: {{ include "orders.name" . }}
{{- end }}
