"""By which law and for how long? Purposes, legal bases, retention. The flow asks it, so it lies under the flow."""
