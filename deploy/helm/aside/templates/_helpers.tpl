{{- define "aside.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "aside.selector" -}}
app.kubernetes.io/name: aside
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "aside.valkeySelector" -}}
app.kubernetes.io/name: aside
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: valkey
{{- end }}

{{- define "aside.labels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "aside.store" -}}
{{- if .Values.context.store -}}
{{ .Values.context.store }}
{{- else if .Values.valkey.enabled -}}
redis://{{ include "aside.name" . }}-valkey:6379
{{- else -}}
{{ fail "set context.store to a Redis or Valkey of yours, or leave valkey.enabled true: replicas must share what they know of a call" }}
{{- end -}}
{{- end }}

{{- define "aside.config" -}}
{{- if .Values.config -}}
{{ .Values.config }}
{{- else -}}
listen = "0.0.0.0:8080"
rules = "/etc/aside/rules"
keys = ["${ASIDE_KEY}"]
context_keys = ["${ASIDE_CONTEXT_KEY}"]
admin_keys = ["${ASIDE_ADMIN_KEY}"]
drain = "{{ .Values.drain }}s"

[upstream.main]
preset = {{ .Values.upstream.preset | quote }}
key = "${UPSTREAM_KEY}"
{{- with .Values.upstream.url }}
url = {{ . | quote }}
{{- end }}
{{- with .Values.upstream.model }}
model = {{ . | quote }}
{{- end }}

[context]
store = {{ include "aside.store" . | quote }}

[log]
format = "json"
{{- with .Values.extraConfig }}

{{ . }}
{{- end }}
{{- end -}}
{{- end }}
